/** What a promotion will do: promotion.yaml and the platform's policy, merged and frozen. */
@NullMarked
package dev.portage.settings;

import org.jspecify.annotations.NullMarked;
