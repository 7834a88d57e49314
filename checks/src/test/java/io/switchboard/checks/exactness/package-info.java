/** Nothing lost, nothing twice, order kept: counted over many clients on two nodes. */
@NullMarked
package io.switchboard.checks.exactness;

import org.jspecify.annotations.NullMarked;
