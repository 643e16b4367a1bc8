package dev.portage.adopt;

import io.temporal.activity.ActivityInterface;

/** Jobs that nobody promoted. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface AdoptJobActivities {

  /**
   * The job as it is. Changes nothing. That there is none, that two have the name, or that it is
   * the job of another model or workspace is a user error.
   */
  AdoptedJob findJobToAdopt(AdoptJobOrder order);

  /**
   * Tags the job as the model's, unless someone else deploys it; nothing else of it changes. A
   * repeat changes nothing.
   */
  AdoptedJob adoptJob(AdoptJobOrder order);

  /**
   * Takes the tags away again that {@link #adoptJob} set. One that is gone, that is another model's
   * by now or that a promotion has changed stays as it is. A repeat changes nothing.
   */
  void untagJob(AdoptJobOrder order);
}
