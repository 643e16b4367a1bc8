package dev.portage.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.copy.Verify;
import java.time.Duration;

/**
 * What the platform file says about a copy by itself.
 *
 * @param model what {@code {model}} stands for
 * @param from where the version is
 * @param to where it shall be
 * @param experiment name of the experiment for the target's run
 * @param verify how the target is held against the manifest
 * @param retryTimeout how long a server that does not answer is asked again
 */
public record CopySettings(
    String model,
    Station from,
    Station to,
    String experiment,
    Verify verify,
    @JsonProperty("patience") Duration retryTimeout) {}
