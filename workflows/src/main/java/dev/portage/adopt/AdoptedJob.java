package dev.portage.adopt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.job.JobState;
import dev.portage.live.SettingsRef;
import org.jspecify.annotations.Nullable;

/**
 * A job that scores with what is live.
 *
 * @param state the job as it is
 * @param tagged whether its tags say that it is the model's
 * @param keeper who else deploys it, such as "deployed by a bundle", so that it is not tagged: the
 *     next deployment would take the tag away; null for nobody
 * @param settings its full settings as they were stored; null where it was only looked at
 */
public record AdoptedJob(
    JobState state,
    Boolean tagged,
    @Nullable String keeper,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SettingsRef settings) {}
