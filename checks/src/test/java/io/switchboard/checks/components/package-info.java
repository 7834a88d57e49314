/** Real programs as objects: brokers, proxies and nodes that a test starts, hurts and closes. */
@NullMarked
package io.switchboard.checks.components;

import org.jspecify.annotations.NullMarked;
