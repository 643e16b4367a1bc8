/** Where logins come from: references in the platform file, read each time they are used. */
@NullMarked
package dev.portage.secrets;

import org.jspecify.annotations.NullMarked;
