/**
 * Files that people write: read with line numbers, checked against a schema, told so they can be
 * mended.
 */
@NullMarked
package dev.portage.document;

import org.jspecify.annotations.NullMarked;
