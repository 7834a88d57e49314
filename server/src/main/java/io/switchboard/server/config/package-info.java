/** What an operator may set: one table of keys, the layers they come from, and errors that name place and cure. */
@NullMarked
package io.switchboard.server.config;

import org.jspecify.annotations.NullMarked;
