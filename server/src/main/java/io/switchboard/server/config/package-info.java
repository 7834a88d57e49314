/** What an operator may set: one table of keys, the layers they come from, and errors that say where and what instead. */
@NullMarked
package io.switchboard.server.config;

import org.jspecify.annotations.NullMarked;
