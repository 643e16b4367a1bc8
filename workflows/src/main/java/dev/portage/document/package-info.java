/**
 * Files that people write: read with line numbers, checked against a schema, told so they can be
 * fixed.
 */
@NullMarked
package dev.portage.document;

import org.jspecify.annotations.NullMarked;
