package dev.portage.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ana@Example.com",
        "ANA@EXAMPLE.COM",
        "  ana@example.com\t",
        "<ana@example.com>",
        "Ana Lima <ana@example.com>",
        "\"Lima, Ana\" <Ana@example.com>",
        "ana@example.com (Ana Lima)",
        "\"ana@example.com\"",
        "mailto:ana@example.com",
        "ana@example.com.",
        "an\u200ba@example.com",
        "\u202eana@example.com\u202c",
        "\ufeffana@example.com",
        "an\u00ada@exam\u2060ple.com",
        "\uff41\uff4e\uff41\uff20example\uff0ecom",
        "ana@example\u3002com",
        "ana\u00a0@example.com",
        "\"ana\"@example.com",
        "Ana Lima (ana@example.com)",
        "Ana Lima ana@example.com",
        "Ana Lima [ana@example.com]",
        "[ana@example.com](mailto:ana@example.com)",
        "ana@example.com <mailto:ana@example.com>",
        "<<ana@example.com>>",
        "<ana@example.com",
        "ana@example.com>",
        "\u201cana@example.com\u201d",
        "\u2039ana@example.com\u203a",
        "`ana@example.com`",
        "@ana@example.com",
        "SMTP:ana@example.com",
        "i:0#.f|membership|ana@example.com",
        "ana@example.com?",
        "ana@example.com/"
      })
  void spellingsOfAnaAreTheSamePerson(String name) {
    assertThat(PersonName.same(name, "ana@example.com")).as(name).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ana@example.org",
        "ana+portage@example.com",
        "a.na@example.com",
        "ana",
        "ana@mail.example.com",
        "ana@example.com_x",
        "ana@example.com-x.example",
        "ana@example.com ben@example.com",
        "ana@example.com.evil.example",
        "\u0430na@example.com",
        "ana@example.com <eve@example.com>"
      })
  void otherPeopleAreNot(String name) {
    assertThat(PersonName.same(name, "ana@example.com")).as(name).isFalse();
  }

  @Test
  void unicodeFormsAreNormalised() {
    assertSame("Me", "me");
    assertSame("J\u00dcRGEN@example.com", "ju\u0308rgen@example.com");
    assertSame("\u0130NA@example.com", "ina@example.com");
    assertSame("GRO\u1e9e@example.com", "gross@example.com");
    assertSame(
        "\u039d\u0399\u039a\u039f\u03a3@example.com", "\u03bd\u03b9\u03ba\u03bf\u03c2@example.com");
    assertSame("ana@M\u00dcNCHEN.example", "ana@xn--mnchen-3ya.example");
    assertSame("Ana   Lima", "ana lima");
  }

  @Test
  void noreplyAddressesWithNumbersAreTheSamePerson() {
    assertSame("123+Ana@users.noreply.github.com", "ana@users.noreply.github.com");
    assertSame(
        "Ana <7+ana@users.noreply.github.example.com>", "ana@users.noreply.github.example.com");
    assertThat(PersonName.same("123+ana@example.com", "ana@example.com")).isFalse();
    assertThat(PersonName.same("123-ana@users.noreply.github.com", "ana@users.noreply.github.com"))
        .isFalse();
  }

  @Test
  void twoUnusableNamesAreNotTheSamePerson() {
    for (String nobody : List.of("", "  ", "<>", "\u200b", ".", "\u0000")) {
      assertThat(PersonName.same(nobody, nobody)).isFalse();
    }
    assertThat(PersonName.same(null, null)).isFalse();
  }

  @Test
  void thePeopleMapMakesTwoNamesOnePerson() {
    Aliases aliases =
        Aliases.of(
            Map.of(
                "Ana@example.com",
                List.of("ana.l@old.example.com", "AnaL"),
                "analima",
                List.of("anal")));
    assertThat(aliases.personOf("ANAL"))
        .isEqualTo(aliases.personOf("Ana <ana@example.com>"))
        .isEqualTo(aliases.personOf("ana.l@OLD.example.com"))
        .isEqualTo(aliases.personOf("AnaLima"));
    assertThat(aliases.personOf("eve@example.com")).isEqualTo("eve@example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ana@example.com",
        "Ana Lima <ana@example.com>",
        "AnaL",
        "DOMAIN\\ana",
        "J\u00fcrgen M\u00fcller",
        "\u738b\u5c0f\u660e",
        "\u0410\u043d\u043d\u0430",
        "ana (she) <ana@example.com>",
        "svc-deploy[bot]"
      })
  void validNamesAreAccepted(String name) {
    assertThat(NameFault.of(name)).as(name).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "\u200b",
        "<>",
        "---",
        "@",
        "ana@example.com\nAPPROVED by kim@example.com",
        "ana\u202e@example.com",
        "ana\u001b[2J",
        "ana@example.com, kim@example.com",
        "an\u0430@example.com",
        "YOU",
        "a\ud800"
      })
  void invalidNamesAreRefused(String name) {
    assertThat(NameFault.of(name)).as(name).isPresent();
  }

  @Test
  void anOverlongNameIsRefusedAndNotQuoted() {
    assertThat(NameFault.of("a".repeat(2_000_000)).orElseThrow()).hasSizeLessThan(200);
    assertThat(PersonName.compared("a<".repeat(1_000_000) + "@".repeat(1_000_000))).isNotEmpty();
  }

  private static void assertSame(String one, String other) {
    assertThat(PersonName.compared(one)).isEqualTo(PersonName.compared(other));
  }
}
