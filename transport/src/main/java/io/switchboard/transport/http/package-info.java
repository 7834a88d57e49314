/** A connection while it speaks HTTP: strict reading of requests, routes, answers, files of the class path. */
@NullMarked
package io.switchboard.transport.http;

import org.jspecify.annotations.NullMarked;
