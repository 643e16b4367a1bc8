/**
 * What tasks run on, according to the platform file: serverless compute or clusters, and libraries.
 */
@NullMarked
package dev.portage.compute;

import org.jspecify.annotations.NullMarked;
