/** Processes of the sandbox: started apart from the terminal, ended with their whole group. */
@NullMarked
package dev.portage.sandbox.process;

import org.jspecify.annotations.NullMarked;
