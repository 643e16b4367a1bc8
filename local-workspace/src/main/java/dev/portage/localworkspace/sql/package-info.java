/** The SQL statements API, answered from real Delta tables. */
@NullMarked
package dev.portage.localworkspace.sql;

import org.jspecify.annotations.NullMarked;
