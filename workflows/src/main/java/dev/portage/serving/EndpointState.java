package dev.portage.serving;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as it is.
 *
 * @param name its name
 * @param config what it serves
 * @param pending what it is being changed to; null if no update is under way
 * @param model name of the model in its tag
 * @param promotion id of the workflow that changed it last; null if it has no such tag
 * @param page where people see it
 * @param address where it takes requests; null from a worker that does not say
 * @param ready whether it answers them, in the workspace's own word; null from a worker that does
 *     not say
 */
public record EndpointState(
    String name,
    EndpointConfig config,
    @Nullable EndpointConfig pending,
    String model,
    @Nullable String promotion,
    @Nullable URI page,
    @Nullable URI address,
    @Nullable String ready) {}
