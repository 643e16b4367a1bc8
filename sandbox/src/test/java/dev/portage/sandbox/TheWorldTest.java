package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which test classes may enter the world. */
class TheWorldTest {

  @ExtendWith(TheWorld.class)
  private static class Neither {}

  @SharesTheWorld
  private static class Shares {}

  @OwnsTheWorld
  private static class Owns {}

  @SharesTheWorld
  @OwnsTheWorld
  private static class Both {}

  @Test
  void aClassSharesItOrOwnsIt() {
    assertThatCode(() -> TheWorld.requireShareOrOwner(Shares.class)).doesNotThrowAnyException();
    assertThatCode(() -> TheWorld.requireShareOrOwner(Owns.class)).doesNotThrowAnyException();
  }

  @Test
  void whoSaysNeitherOrBothIsToldWhatToWrite() {
    assertThatThrownBy(() -> TheWorld.requireShareOrOwner(Neither.class))
        .hasMessageContaining("Neither has neither @SharesTheWorld nor @OwnsTheWorld")
        .hasMessageContaining("@OwnsTheWorld if it kills workers");
    assertThatThrownBy(() -> TheWorld.requireShareOrOwner(Both.class))
        .hasMessageContaining("has both");
  }
}
