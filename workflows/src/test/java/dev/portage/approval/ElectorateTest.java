package dev.portage.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.identity.Involved;
import dev.portage.identity.Involved.Hand;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.ListedPerson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ElectorateTest {

  private static final Involved COMMITTED = new Involved(Hand.COMMITTED, "P0@Example.com");

  @Test
  @Timeout(10)
  void aDozenGroupsOfTheSameDozenPeopleAreMatchedQuickly() {
    List<String> groups = names("g", 12);
    assertThat(electorate(groups, people(12, groups), List.of()).isEnough()).isTrue();
    assertThat(electorate(groups, people(12, groups), List.of(COMMITTED)).isEnough()).isFalse();
    assertThat(electorate(groups, people(13, groups), List.of(COMMITTED)).isEnough()).isTrue();
  }

  @Test
  @Timeout(10)
  void hundredsOfPeopleAreComparedQuickly() {
    List<String> groups = names("g", 40);
    List<Involved> involved = new ArrayList<>(List.of(COMMITTED));
    names("q", 600).forEach(name -> involved.add(new Involved(Hand.TOOK_PART, name)));
    Electorate all = electorate(groups, people(500, groups), involved);
    assertThat(all.isEnough()).isTrue();
    assertThat(all.barsAnybody()).isTrue();
    assertThat(all.describe()).contains("not p0@example.com (");
  }

  @Test
  void aGroupWithoutAListAcceptsAnyoneListed() {
    List<String> groups = List.of("owners", "new");
    ListedPerson ana = person("ana", List.of("owners"));
    assertThat(electorate(groups, List.of(ana), List.of()).isEnough()).isFalse();
    assertThat(
            electorate(groups, List.of(ana, person("ben", List.of("others"))), List.of())
                .isEnough())
        .isTrue();
  }

  /** Compared with brute force, for groups small enough for that. */
  @Test
  void aMatchingIsFoundExactlyWhenOneExists() {
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      List<String> groups = names("g", 1 + random.nextInt(4));
      List<ListedPerson> people =
          IntStream.range(0, 1 + random.nextInt(5))
              .mapToObj(
                  p -> person("p" + p, groups.stream().filter(_ -> random.nextBoolean()).toList()))
              .toList();
      assertThat(electorate(groups, people, List.of()).isEnough())
          .as("%s by %s", groups, people)
          .isEqualTo(anyWay(groups, people, people));
    }
  }

  private static boolean anyWay(
      List<String> groups, List<ListedPerson> left, List<ListedPerson> all) {
    if (groups.isEmpty()) {
      return true;
    }
    String group = groups.getFirst();
    boolean anybody = all.stream().noneMatch(person -> person.groups().contains(group));
    return left.stream()
        .filter(person -> anybody || person.groups().contains(group))
        .anyMatch(person ->
            anyWay(
                groups.subList(1, groups.size()),
                left.stream().filter(other -> !other.equals(person)).toList(),
                all));
  }

  private static Electorate electorate(
      List<String> groups, List<ListedPerson> people, List<Involved> involved) {
    return Electorate.of(
            new ApprovalPolicy("all", groups, Map.of(), Duration.ofDays(1), people),
            groups,
            involved)
        .orElseThrow();
  }

  private static List<ListedPerson> people(int number, List<String> groups) {
    return IntStream.range(0, number).mapToObj(i -> person("p" + i, groups)).toList();
  }

  private static ListedPerson person(String name, List<String> groups) {
    return new ListedPerson(List.of(name + "@example.com"), groups);
  }

  private static List<String> names(String letter, int number) {
    return IntStream.range(0, number).mapToObj(i -> letter + i + "@example.com").toList();
  }
}
