/** The server API: what a backend may ask of the cluster over HTTP, in the words of the Centrifugal server API. */
@NullMarked
package io.switchboard.server.api;

import org.jspecify.annotations.NullMarked;
