package dev.portage.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The arrows between the modules. A module is where a class was loaded from: a jar, or a folder of
 * classes.
 */
class ArchitectureTest {

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.portage");
  }

  @ParameterizedTest
  @CsvSource({
    "workflows, workflows",
    "activities, workflows activities",
    "worker, workflows activities worker",
    "starter, workflows starter",
    "local-workspace, local-workspace",
    "sandbox, workflows worker starter local-workspace sandbox"
  })
  void aModuleDependsOnlyOnWhatItMay(String module, String allowed) {
    Set<String> known = Set.of(allowed.split(" "));
    noClasses()
        .that(are(module))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "belong to a module it may not know",
                type -> isOurs(type) && !known.contains(moduleOf(type))))
        .check(classes);
  }

  @Test
  void aPackageLivesInOneModule() {
    Map<String, Set<String>> modules = new HashMap<>();
    for (JavaClass type : classes) {
      modules.computeIfAbsent(type.getPackageName(), any -> new TreeSet<>()).add(moduleOf(type));
    }
    assertThat(modules)
        .isNotEmpty()
        .allSatisfy((name, homes) -> assertThat(homes).as(name).hasSize(1));
  }

  @Test
  void packagesAreNamedBySubject() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..impl..", "..dto..", "..helper..")
        .check(classes);
  }

  @Test
  void remoteSystemsAreReachedOnlyThroughActivityInterfaces() {
    noClasses()
        .that(are("worker"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.databricks..", "dev.portage.databricks..", "dev.portage.mlflow..")
        .check(classes);
  }

  @Test
  void theStarterHoldsNoLoginOfAWorkspace() {
    noClasses()
        .that(are("starter"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.portage.secrets..", "dev.portage.platform..", "okhttp3..")
        .check(classes);
  }

  @Test
  void activitiesAreReachedByTheirContracts() {
    classes()
        .that()
        .areInterfaces()
        .and()
        .haveSimpleNameEndingWith("Activities")
        .should()
        .beAnnotatedWith("io.temporal.activity.ActivityInterface")
        .check(classes);
  }

  private static DescribedPredicate<JavaClass> are(String module) {
    return DescribedPredicate.describe(
        "are in " + module, type -> isOurs(type) && moduleOf(type).equals(module));
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("dev.portage");
  }

  /**
   * {@code …/activities/target/classes/…} and {@code …/portage-activities-1.0.jar!/…} are both of
   * activities.
   */
  private static String moduleOf(JavaClass type) {
    String place = type.getBaseComponentType().getSource().orElseThrow().getUri().toString();
    int jar = place.indexOf(".jar!");
    if (jar >= 0) {
      String file = place.substring(place.lastIndexOf('/', jar) + 1, jar);
      return file.replaceFirst("^portage-", "").replaceFirst("-\\d.*$", "");
    }
    String before = place.substring(0, place.indexOf("/target/"));
    return before.substring(before.lastIndexOf('/') + 1);
  }
}
