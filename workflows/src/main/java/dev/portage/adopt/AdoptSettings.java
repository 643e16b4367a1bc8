package dev.portage.adopt;

import dev.portage.settings.Station;
import java.time.Duration;

/**
 * What the platform file says about an adoption.
 *
 * @param model what {@code {model}} stands for
 * @param target where
 * @param retryTimeout how long to retry a server that doesn't respond
 */
public record AdoptSettings(String model, Station target, Duration retryTimeout) {}
