/** What the port answers to plain HTTP: health, metrics, pages. */
@NullMarked
package io.switchboard.server.web;

import org.jspecify.annotations.NullMarked;
