package dev.portage.adopt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.live.SettingsRef;
import dev.portage.serving.EndpointState;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that serves what is live.
 *
 * @param state the endpoint as it is
 * @param tagged whether its tags say that it is the model's
 * @param settings all that it serves, as it was stored; null where it was only looked at
 */
public record AdoptedEndpoint(
    EndpointState state,
    Boolean tagged,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SettingsRef settings) {}
