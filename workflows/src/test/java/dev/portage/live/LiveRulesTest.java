package dev.portage.live;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Whoever goes over the live things names none of them. */
@AnalyzeClasses(packages = "dev.portage", importOptions = ImportOption.DoNotIncludeTests.class)
class LiveRulesTest {

  private static final String JOBS =
      "dev\\.portage\\.job\\.(JobState|JobChange|JobQuery|JobUndo|JobOrder|JobRestoreOrder|"
          + "RestoredJob|UndoResult|JobActivities)";

  private static final String MARKS = "dev\\.portage\\.registry\\.(MarkOrder|Marked)";

  @ArchTest
  static final ArchRule A_THING_IS_NAMED_BY_THE_LIST_ALONE =
      classes()
          .that()
          .implement(LiveThing.class)
          .should()
          .onlyHaveDependentClassesThat()
          .belongToAnyOf(LiveThings.class, ScoringJobThing.class, ChampionThing.class);

  @ArchTest
  static final ArchRule PLANS_AND_ROLLBACKS_KNOW_NO_JOB =
      noClasses()
          .that()
          .resideInAnyPackage("dev.portage.plan..", "dev.portage.rollback..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(JOBS);

  /** A rollback knows the mark of the workspace that a version came from: nothing is live there. */
  @ArchTest
  static final ArchRule PLANS_KNOW_NO_MARK =
      noClasses()
          .that()
          .resideInAPackage("dev.portage.plan..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(MARKS);

  /** What else a preflight wants of jobs is what its own needs say. */
  @ArchTest
  static final ArchRule THE_PREFLIGHT_READS_NO_JOB =
      noClasses()
          .that()
          .resideInAPackage("dev.portage.preflight..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(JOBS)
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching(MARKS);

  @ArchTest
  static final ArchRule THE_SECOND_LOOK_APPLY_COMPENSATION_AND_RELEASE_KNOW_NO_JOB =
      noClasses()
          .that()
          .haveNameMatching(
              "dev\\.portage\\.promotion\\.(GoLive|Switchover|Undoing|LiveReader|LiveTarget|Releasing|"
                  + "Evaluation|Approval).*")
          .or()
          .haveNameMatching("dev\\.portage\\.live\\.(LiveThings|Compensation|LiveQuery).*")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(JOBS)
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching(MARKS);
}
