/** Two nodes on one Redis, and people who chat through them: what the end-to-end proofs have in common. */
@NullMarked
package io.switchboard.checks.cluster;

import org.jspecify.annotations.NullMarked;
