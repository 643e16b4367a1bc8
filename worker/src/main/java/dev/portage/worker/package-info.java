/** Where promotions run: one process that reads the platform file and serves task queues. */
@NullMarked
package dev.portage.worker;

import org.jspecify.annotations.NullMarked;
