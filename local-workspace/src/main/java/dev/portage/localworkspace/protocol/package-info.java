/** What all calls share: the form of request bodies and of errors. */
@NullMarked
package dev.portage.localworkspace.protocol;

import org.jspecify.annotations.NullMarked;
