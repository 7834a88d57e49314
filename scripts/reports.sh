# Reads the XML reports of surefire from standard input; sourced by ./check.

# Sums the attributes of every <testsuite>: "tests failed skipped".
count_tests() {
    awk '
        function attribute(name) {
            if (!match($0, " " name "=\"[0-9]+\"")) return 0
            return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
        }
        /<testsuite / {
            tests += attribute("tests")
            failed += attribute("failures") + attribute("errors")
            skipped += attribute("skipped")
        }
        END { print tests + 0, failed + 0, skipped + 0 }'
}

# Names of the tests that have a <failure> or an <error>, with the first line of why.
failed_tests() {
    awk '
        function attribute(name) {
            if (!match($0, " " name "=\"[^\"]*\"")) return ""
            return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
        }
        /<testcase / { test = attribute("classname") "." attribute("name") }
        /<(failure|error)[ >]/ && test != "" {
            print "  " test "\n      " substr(attribute("message"), 1, 300)
            test = ""
        }' |
        sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#10;/ /g; s/&amp;/\&/g'
}
