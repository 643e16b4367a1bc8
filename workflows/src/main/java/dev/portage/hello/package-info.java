/** The smallest workflow there is: shows that connection, engine and a worker are there. */
@NullMarked
package dev.portage.hello;

import org.jspecify.annotations.NullMarked;
