/** The Centrifugal client protocol, version 2: what its kits for browsers, phones and servers speak. */
@NullMarked
package io.switchboard.protocols.centrifugal;

import org.jspecify.annotations.NullMarked;
