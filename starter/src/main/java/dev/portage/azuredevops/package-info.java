/** Running in an Azure DevOps pipeline: its variables, and its logging commands. */
@NullMarked
package dev.portage.azuredevops;

import org.jspecify.annotations.NullMarked;
