/** Nodes behind the real gateway, and in a real Nacos. */
@NullMarked
package io.switchboard.checks.gateway;

import org.jspecify.annotations.NullMarked;
