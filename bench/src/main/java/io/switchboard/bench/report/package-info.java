/** What came out: for the eye, for programs, as a page. */
@NullMarked
package io.switchboard.bench.report;

import org.jspecify.annotations.NullMarked;
