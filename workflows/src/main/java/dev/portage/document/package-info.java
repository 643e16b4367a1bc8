/**
 * Files that people write: read with line numbers, validated against a schema, with errors that say
 * how to fix them.
 */
@NullMarked
package dev.portage.document;

import org.jspecify.annotations.NullMarked;
