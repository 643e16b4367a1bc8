package dev.portage.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.copy.Verify;
import java.time.Duration;

/**
 * What the platform file says about copying a single version.
 *
 * @param model what {@code {model}} stands for
 * @param from where the version is
 * @param to the target
 * @param experiment name of the experiment for the target's run
 * @param verify how the target is held against the manifest
 * @param retryTimeout how long to retry a server that doesn't respond
 */
public record CopySettings(
    String model,
    Station from,
    Station to,
    String experiment,
    Verify verify,
    @JsonProperty("patience") Duration retryTimeout) {}
