/**
 * Measures many promotions at once, on a real Temporal server and two real MLflow servers, compared
 * with as many bare workflows on the same server.
 */
@NullMarked
package dev.portage.load;

import org.jspecify.annotations.NullMarked;
