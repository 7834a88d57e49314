# Finds a JDK; sourced by ./switchboard and ./check, and plain POSIX shell.
#
#   find_jdk MIN [compiler]
#
# sets jdk_home and jdk_major: $JAVA_HOME if it is fit, else the newest JDK on the PATH or in the usual places; fails
# when there is none. With "compiler" a JDK without javac does not count. jdk_unfit lists what was seen and not taken.
# JDK_PLACES, a list of patterns separated by blanks, replaces the usual places.

find_jdk() {
    jdk_home=
    jdk_major=0
    jdk_unfit=
    if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME" "$1" "${2:-}"; then
        jdk_home=$JAVA_HOME
        jdk_major=$jdk_candidate_major
        return 0
    fi
    for jdk_candidate in $(jdk_on_path) $(jdk_places); do
        if jdk_fits "$jdk_candidate" "$1" "${2:-}" && [ "$jdk_candidate_major" -gt "$jdk_major" ]; then
            jdk_home=$jdk_candidate
            jdk_major=$jdk_candidate_major
        fi
    done
    [ -n "$jdk_home" ]
}

# What to tell somebody who has none.
jdk_missing() {
    printf 'A JDK %s or newer is needed, and none was found in JAVA_HOME, on the PATH or in the usual places.\n' "$1"
    if [ -n "$jdk_unfit" ]; then
        printf 'Found, but not fit:%s\n' "$jdk_unfit"
    fi
    printf 'Install one (for example Temurin 25 from https://adoptium.net), or set JAVA_HOME to where it is.\n'
}

jdk_fits() {
    [ -x "$1/bin/java" ] || return 1
    jdk_candidate_major=$(jdk_major_of "$1")
    if [ "$jdk_candidate_major" -lt "$2" ]; then
        jdk_unfit="$jdk_unfit
  $1 (version $jdk_candidate_major)"
        return 1
    fi
    if [ -n "$3" ] && [ ! -x "$1/bin/javac" ]; then
        jdk_unfit="$jdk_unfit
  $1 (version $jdk_candidate_major, but without a compiler)"
        return 1
    fi
}

# From the file "release" where there is one: starting every java found would take seconds.
jdk_major_of() {
    jdk_version=
    if [ -r "$1/release" ]; then
        jdk_version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$1/release" | head -n 1)
    fi
    if [ -z "$jdk_version" ]; then
        jdk_version=$("$1/bin/java" -version 2>&1 | sed -n 's/^.* version "\([^"]*\)".*$/\1/p' | head -n 1)
    fi
    jdk_version=${jdk_version#1.}
    jdk_version=${jdk_version%%[!0-9]*}
    printf '%s' "${jdk_version:-0}"
}

jdk_on_path() {
    jdk_java=$(command -v java 2>/dev/null) || return 0
    # Usually a chain of links into the JDK.
    jdk_java=$(readlink -f "$jdk_java" 2>/dev/null || printf '%s' "$jdk_java")
    dirname "$(dirname "$jdk_java")"
}

jdk_places() {
    for jdk_place in ${JDK_PLACES:-/usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/lib/jvm/* /opt/* \
        /opt/java/* /opt/jdk/* "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home}; do
        if [ -x "$jdk_place/bin/java" ]; then
            printf '%s\n' "$jdk_place"
        fi
    done
}
