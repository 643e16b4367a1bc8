package dev.portage.promotion;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline run that started a promotion.
 *
 * @param id number of the build, such as "4711"
 * @param page where people see it, null when unknown
 */
public record Build(String id, @Nullable URI page) {}
