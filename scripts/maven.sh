# Runs Maven with its output in a log and its progress on standard error; sourced by ./switchboard and ./check (bash).
#
#   run_maven LOG every|modules ARGUMENT...     Maven's exit code
#
# "every" tells each step and each test class as it finishes; "modules" only the modules, on one line of a terminal.

run_maven() {
    local log=$1 detail=$2 status
    shift 2
    set +e
    (cd "$root" && mvn "$@" -Dmaven.wagon.http.retryHandler.count=3 2>&1) | tee "$log" | maven_progress "$detail"
    status=${PIPESTATUS[0]}
    set -e
    return "$status"
}

maven_progress() {
    local detail=$1 line step='' module='' silent=0
    while true; do
        if IFS= read -r -t 15 line; then
            silent=0
        elif [ $? -gt 128 ]; then
            # Downloads make no sound; somebody who waits should see that this is alive.
            silent=$((silent + 15))
            [ "$detail" = every ] && maven_say "… ${module:-Maven}${step:+: $step} (still busy after ${silent}s)"
            [ "$detail" = modules ] && maven_show "$module"
            continue
        else
            break
        fi
        maven_line "$detail" "$line"
    done
    if [ "$detail" = modules ] && [ -t 2 ]; then
        printf '\r\033[K' >&2
    fi
}

maven_line() {
    case $2 in
    *'Building Switchboard :: '*)
        module=${2#*Building Switchboard :: }
        module=${module%% [0-9]*}
        step=
        [ "$1" = modules ] && maven_show "$module"
        ;;
    *'Building Switchboard '[0-9]*)
        module=Parent
        step=
        ;;
    '[INFO] --- '*)
        step=${2#*--- }
        step=${step%% *}
        # From maven-compiler-plugin:3.16.0:compile, as from compiler:3.16.0:compile, to "compiler compile".
        step="${step%%:*} ${step##*:}"
        step=${step#maven-}
        step=${step/-maven-plugin/}
        step=${step/-plugin/}
        [ "$1" = every ] && maven_say "$module: $step"
        ;;
    '[INFO] Running '*)
        step=${2#*Running }
        ;;
    *'Tests run: '*' -- in '* | *'Tests run: '*' - in '*)
        [ "$1" = every ] && maven_say "$module: $(maven_class "$2")"
        ;;
    *'BUILD FAILURE'*)
        [ "$1" = every ] && maven_say "${2#\[*\] }"
        ;;
    esac
    return 0
}

# "[INFO] Tests run: 16, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.347 s -- in a.b.SomeTest"
maven_class() {
    local run failures errors skipped
    run=$(maven_count 'Tests run' "$1")
    failures=$(maven_count Failures "$1")
    errors=$(maven_count Errors "$1")
    skipped=$(maven_count Skipped "$1")
    local text="${1##* }  $((run - failures - errors - skipped)) passed"
    [ $((failures + errors)) -eq 0 ] || text="$text, $((failures + errors)) FAILED"
    [ "$skipped" -eq 0 ] || text="$text, $skipped skipped"
    printf '%s' "$text"
}

maven_count() {
    local rest=${2#*"$1: "}
    printf '%s' "${rest%%,*}"
}

maven_say() {
    printf '[%4ds] %s\n' "$SECONDS" "$1" >&2
}

maven_show() {
    if [ -t 2 ]; then
        printf '\r\033[K  building %s … %ds' "$1" "$SECONDS" >&2
    fi
}

# The part of a log that says why Maven failed.
maven_reason() {
    # With -Werror the warnings of the compiler are the reason.
    grep -E '^\[ERROR\]|^\[WARNING\] /.*\.java:\[' "$1" | sed 's/ -> \[Help 1\]$//' |
        grep -viE '^\[ERROR\] *($|\[Help|[[:space:]]at |Tests run:|Re-run Maven|For more information)' |
        grep -vE 'you can resume the build|<args> -rf|<<< (ERROR|FAILURE)!' |
        awk '!seen[$0]++' | head -n 60
}
