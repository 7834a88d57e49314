/** What is proven about Switchboard from outside: real brokers, real proxies, real nodes, and the shape of the code. */
@NullMarked
package io.switchboard.checks;

import org.jspecify.annotations.NullMarked;
