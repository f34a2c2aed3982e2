package dev.parley.gateway.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.reply.ReplyPlatform.Result;
import dev.parley.shared.turn.Outcome;
import org.junit.jupiter.api.Test;

final class VisibleReplyTest {
  private static final long EDIT = 1_000;
  private static final long RETRY = TestReply.LIMITS.retryMs();
  private static final long SETTLED = TestReply.LIMITS.httpTimeoutMs();

  @Test
  void an_answer_is_one_message_that_is_edited_until_it_ends() {
    TestReply reply = TestReply.admitted().placed("m").says("Paris");

    reply.after(EDIT).answered("edit m Paris", new Result.Ok("m"));
    reply.ends("Paris is it.").after(EDIT).answered("edit m Paris is it.", new Result.Ok("m"));

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.visible()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m");
    assertThat(reply.placing()).isZero();
  }

  @Test
  void a_fast_answer_has_no_placeholder_and_no_edit() {
    TestReply reply = TestReply.admitted().ends("Paris").after(1);

    reply.stored("placing", Outcome.OK).answered("send Paris", new Result.Ok("m"));

    assertThat(reply.done()).isTrue();
    reply.stored("placed", Outcome.OK).isQuiet();
  }

  @Test
  void the_intent_to_send_is_stored_before_the_send() {
    TestReply reply = TestReply.admitted().after(TestReply.LIMITS.placeholderAfterMs());

    assertThat(reply.placing()).isEqualTo(1);
    reply.storeSilent("placing").after(1).isQuiet();
    reply.after(RETRY).stored("placing", Outcome.OK).answered("send …", new Result.Ok("m"));
  }

  @Test
  void the_same_text_is_not_sent_again() {
    TestReply reply = TestReply.admitted().placed("m");

    reply.after(EDIT).isQuiet();
    reply.says("a").after(1).answered("edit m a", new Result.Ok("m"));
    reply.says("a").after(EDIT).isQuiet();
  }

  @Test
  void a_call_that_waits_for_the_platform_takes_the_newest_words_with_it() {
    TestReply reply = TestReply.admitted().placed("m").crowded();
    reply.says("a").after(1).isQuiet();

    reply.says("a b").after(1).isQuiet();

    reply.let().answered("edit m a b", new Result.Ok("m"));
  }

  @Test
  void the_first_words_are_urgent_the_next_ones_less_and_the_end_most() {
    TestReply reply = TestReply.admitted().placed("m");
    assertThat(reply.urgency()).isEqualTo(Urgency.PLACEHOLDER);
    reply.says("a").after(1).answered("edit m a", new Result.Ok("m"));
    assertThat(reply.urgency()).isEqualTo(Urgency.FIRST);

    reply.says("a b").after(1).answered("edit m a b", new Result.Ok("m"));
    assertThat(reply.urgency()).isEqualTo(Urgency.MORE);

    reply.ends("a b c").after(1).answered("edit m a b c", new Result.Ok("m"));
    assertThat(reply.urgency()).isEqualTo(Urgency.END);
  }

  @Test
  void a_long_answer_rolls_over_into_further_messages() {
    TestReply reply = TestReply.admitted().says("a".repeat(25));
    reply.after(300).stored("placing", Outcome.OK);
    reply.answered("send " + "a".repeat(20), new Result.Ok("m0")).stored("placed", Outcome.OK);
    reply.after(1).stored("placing", Outcome.OK);
    reply.answered("send aaaaa", new Result.Ok("m1")).stored("placed", Outcome.OK).isQuiet();

    reply.ends("a".repeat(45)).after(1);
    reply.answered("edit m1 " + "a".repeat(20), new Result.Ok("m1"));
    reply.after(1).stored("placing", Outcome.OK).answered("send aaaaa", new Result.Ok("m2"));
    reply.stored("placed", Outcome.OK);

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m0", "m1", "m2");
  }

  @Test
  void an_answer_in_place_of_a_longer_one_takes_its_further_messages_away() {
    TestReply reply = TestReply.inPlaceOf("m0", "m1").ends("b").after(1);

    reply.answered("edit m0 b", new Result.Ok("m0"));
    reply.after(1).answered("delete m1", new Result.Ok("m1")).stored("placed", Outcome.OK);

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m0", "");
  }

  @Test
  void a_message_that_may_have_been_taken_away_is_taken_away_before_the_answer_grows_again() {
    TestReply reply = TestReply.inPlaceOf("m0", "m1").says("b").after(300);
    reply.answered("edit m0 b", new Result.Ok("m0")).after(1);

    reply.answered("delete m1", new Result.Unknown()).ends("b".repeat(25)).after(RETRY);

    reply.answered("delete m1", new Result.Ok("m1")).stored("placed", Outcome.OK).after(1);
    reply.answered("edit m0 " + "b".repeat(20), new Result.Ok("m0")).after(1);
    reply.stored("placing", Outcome.OK).answered("send bbbbb", new Result.Ok("n1"));
    reply.stored("placed", Outcome.OK);
    assertThat(reply.isQuiet().done()).isTrue();
  }

  @Test
  void an_answer_in_place_of_one_that_the_reader_took_away_gets_a_message_of_its_own() {
    TestReply reply = TestReply.inPlaceOf("m0").ends("b").after(1);

    reply.answered("edit m0 b", new Result.Gone());
    reply.after(1).stored("placing", Outcome.OK).answered("send b", new Result.Ok("n0"));
    reply.stored("placed", Outcome.OK);

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.visible()).isTrue();
  }

  @Test
  void a_send_in_doubt_that_is_not_the_first_leaves_the_others_alone() {
    TestReply reply = TestReply.admittedWhereNothingCanBeFound().says("a".repeat(20));
    reply.after(300).stored("placing", Outcome.OK);
    reply.answered("send " + "a".repeat(20), new Result.Ok("m0")).stored("placed", Outcome.OK);
    reply.says("a".repeat(21)).after(1).stored("placing", Outcome.OK);
    reply.answered("send a", new Result.Unknown());

    reply.ends("a".repeat(22)).after(1).after(SETTLED).answered("send aa", new Result.Unknown());

    reply.stored("placed", Outcome.OK);
    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.ambiguousSends()).isEqualTo(1);
  }

  @Test
  void a_chat_that_moved_gets_the_reply_anew() {
    TestReply reply = TestReply.admitted().placed("m").ends("Paris").after(1);

    reply.answered("edit m Paris", new Result.Moved());

    reply.after(1).stored("placing", Outcome.OK).answered("send Paris", new Result.Ok("n"));
    reply.stored("placed", Outcome.OK);
    assertThat(reply.done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("n");
  }

  @Test
  void a_platform_that_says_later_is_left_alone_for_so_long() {
    TestReply reply = TestReply.admitted().placed("m").says("a");
    reply.after(EDIT).answered("edit m a", new Result.Later(7_000));

    reply.ends("a b").after(6_999).isQuiet();

    reply.after(1).answered("edit m a b", new Result.Ok("m"));
    assertThat(reply.done()).isTrue();
  }

  @Test
  void a_send_that_must_wait_waits_from_when_it_was_told() {
    TestReply reply = TestReply.admitted().ends("Paris");
    reply.after(50_000).stored("placing", Outcome.OK);
    reply.answered("send Paris", new Result.Later(7_000));
    assertThat(reply.placing()).as("nothing is on its way").isZero();
    reply.stored("placed", Outcome.OK);

    reply.after(6_999).isQuiet();

    reply.after(1).stored("placing", Outcome.OK).answered("send Paris", new Result.Ok("m"));
    assertThat(reply.done()).isTrue();
  }

  @Test
  void a_send_without_a_reply_is_looked_up_when_it_has_settled() {
    TestReply reply = TestReply.admitted().after(TestReply.LIMITS.placeholderAfterMs());
    reply.stored("placing", Outcome.OK).answered("send …", new Result.Unknown());

    reply.after(1).after(SETTLED - 1).isQuiet();
    reply.after(1).answered("find", new Result.Ok("m")).stored("placed", Outcome.OK);

    reply.ends("Paris").after(EDIT).answered("edit m Paris", new Result.Ok("m"));
    assertThat(reply.done()).isTrue();
    assertThat(reply.ambiguousSends()).isZero();
  }

  @Test
  void a_send_that_is_found_not_to_have_happened_is_made_again() {
    TestReply reply = TestReply.admitted().after(TestReply.LIMITS.placeholderAfterMs());
    reply.stored("placing", Outcome.OK).answered("send …", new Result.Unknown());

    reply.after(1).after(SETTLED).answered("find", new Result.Absent());

    reply.after(1).stored("placing", Outcome.OK).answered("send …", new Result.Ok("m"));
    assertThat(reply.messageIds()).containsExactly("m");
  }

  @Test
  void where_nothing_can_be_found_only_the_final_text_is_sent_and_counted() {
    TestReply reply = TestReply.admittedWhereNothingCanBeFound();
    reply.after(TestReply.LIMITS.placeholderAfterMs()).stored("placing", Outcome.OK);
    reply.answered("send …", new Result.Unknown());

    reply.says("Par").after(1).after(SETTLED).isQuiet();
    reply.ends("Paris").after(1).answered("send Paris", new Result.Unknown());

    reply.stored("placed", Outcome.OK);
    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.ambiguousSends()).isEqualTo(1);
  }

  @Test
  void a_gateway_that_may_have_been_replaced_neither_sends_nor_edits() {
    TestReply reply = TestReply.admitted().isLive(false).after(1_000).isQuiet();
    reply.isLive(true).after(1);
    reply.isLive(false).stored("placing", Outcome.OK).isQuiet();

    reply.isLive(true).after(RETRY).stored("placing", Outcome.OK);
    reply.answered("send …", new Result.Ok("m")).stored("placed", Outcome.OK);
    reply.isLive(false).ends("Paris").after(EDIT).isQuiet();
  }

  @Test
  void what_another_gateway_owns_is_told_and_not_sent() {
    TestReply reply = TestReply.admitted().after(TestReply.LIMITS.placeholderAfterMs());

    reply.stored("placing", Outcome.NOT_OWNER).isQuiet();

    assertThat(reply.wasLost()).isTrue();
  }

  @Test
  void what_another_came_in_the_place_of_is_told_and_not_sent() {
    TestReply reply = TestReply.admitted().after(TestReply.LIMITS.placeholderAfterMs());

    reply.stored("placing", Outcome.ENDED).isQuiet();

    assertThat(reply.wasReplaced()).isTrue();
  }

  @Test
  void a_message_is_under_way_until_its_id_is_stored() {
    TestReply reply = TestReply.admitted().crowded().after(TestReply.LIMITS.placeholderAfterMs());
    assertThat(reply.underWay()).as("while it waits for the platform").isFalse();

    reply.let();
    assertThat(reply.underWay()).as("announced").isTrue();
    reply.stored("placing", Outcome.OK).answered("send …", new Result.Ok("m"));
    assertThat(reply.underWay()).as("sent, not stored").isTrue();

    assertThat(reply.stored("placed", Outcome.OK).underWay()).isFalse();
  }

  @Test
  void a_further_message_that_whoever_wrote_before_took_away_is_sent_anew() {
    TestReply reply = TestReply.adoptedWithMessages("m0", "m1").ends("b".repeat(25)).after(1);
    reply.answered("edit m0 " + "b".repeat(20), new Result.Ok("m0")).after(1);

    reply.answered("edit m1 bbbbb", new Result.Gone()).stored("placed", Outcome.OK).after(1);

    reply.stored("placing", Outcome.OK).answered("send bbbbb", new Result.Ok("n1"));
    reply.stored("placed", Outcome.OK);
    assertThat(reply.messageIds()).containsExactly("m0", "n1");
    assertThat(reply.wasUnreachable()).isFalse();
  }

  @Test
  void an_end_in_place_of_an_open_turns_is_shown_twice_since_its_last_edit_may_come_late() {
    TestReply reply = TestReply.inPlaceOf("m").whichMayStillBeEdited().ends("Paris").after(1);

    reply.answered("edit m Paris", new Result.Ok("m")).after(SETTLED - 1).isQuiet();
    assertThat(reply.done()).isFalse();
    reply.after(1).answered("edit m Paris", new Result.Ok("m"));

    assertThat(reply.isQuiet().done()).isTrue();
  }

  @Test
  void an_adopted_end_is_shown_twice_since_the_dead_ones_edit_may_come_late() {
    TestReply reply = TestReply.adoptedWithMessages("m").ends("Paris");

    reply.after(TestReply.LIMITS.placeholderAfterMs());
    reply.answered("edit m Paris", new Result.Ok("m")).after(SETTLED - 1).isQuiet();
    assertThat(reply.done()).isFalse();
    reply.after(1).answered("edit m Paris", new Result.Ok("m"));

    assertThat(reply.done()).isTrue();
  }

  @Test
  void a_send_that_the_dead_gateway_had_begun_is_in_doubt() {
    TestReply found = TestReply.adoptedInTheMiddleOfASend(true);
    found.after(SETTLED - 1).isQuiet();
    found.after(1).answered("find", new Result.Ok("m")).stored("placed", Outcome.OK);

    TestReply blind = TestReply.adoptedInTheMiddleOfASend(false).ends("Paris");
    blind.after(SETTLED).answered("send Paris", new Result.Ok("m"));
    assertThat(blind.ambiguousSends()).isEqualTo(1);
    assertThat(blind.done()).isTrue();
  }

  @Test
  void a_chat_that_is_gone_or_a_time_that_is_over_ends_it_unseen() {
    TestReply gone = TestReply.admitted().placed("m").ends("Paris");
    gone.after(EDIT).answered("edit m Paris", new Result.Gone());
    assertThat(gone.done()).isTrue();
    assertThat(gone.visible()).isFalse();
    assertThat(gone.wasUnreachable()).isTrue();

    TestReply late = TestReply.admitted().placed("m").ends("Paris");
    late.after(TestReply.DELIVER_BY_MS).isQuiet();
    assertThat(late.done()).isTrue();
    assertThat(late.visible()).isFalse();
  }

  // ---- messages of two kinds

  @Test
  void a_document_is_one_more_message_at_the_end() {
    TestReply reply = TestReply.admitted().whereThereAreDocuments().placed("m0").ends("b").after(1);
    reply.answered("edit m0 b", new Result.Ok("m0")).after(1).stored("placing", Outcome.OK);
    reply.answered("send file b", new Result.Ok("d1")).stored("placed", Outcome.OK);

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m0", "d1");
  }

  @Test
  void a_document_in_doubt_is_sent_once_more_and_leaves_the_text_alone() {
    TestReply reply = TestReply.admittedWhereNothingCanBeFound().whereThereAreDocuments();
    reply.placed("m0").ends("b").after(1).answered("edit m0 b", new Result.Ok("m0"));
    reply.after(1).stored("placing", Outcome.OK).answered("send file b", new Result.Unknown());

    reply.after(1).after(SETTLED).answered("send file b", new Result.Ok("d1"));

    assertThat(reply.stored("placed", Outcome.OK).isQuiet().done()).isTrue();
    assertThat(reply.ambiguousSends()).isEqualTo(1);
  }

  @Test
  void a_document_in_the_place_of_a_text_goes_first() {
    TestReply reply = TestReply.inPlaceOf("m0", "d1").ends("b".repeat(25)).after(1);
    reply.answered("edit m0 " + "b".repeat(20), new Result.Ok("m0")).after(1);

    reply.answered("delete d1", new Result.Ok("d1")).stored("placed", Outcome.OK).after(1);

    reply.stored("placing", Outcome.OK).answered("send bbbbb", new Result.Ok("m1"));
    reply.stored("placed", Outcome.OK);
    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m0", "m1");
  }

  @Test
  void texts_in_the_place_of_a_document_go_with_what_is_behind_them() {
    TestReply reply = TestReply.inPlaceOf("m0", "m1", "d2").whereThereAreDocuments();
    reply.ends("b").after(1).answered("edit m0 b", new Result.Ok("m0")).after(1);

    reply.answered("delete d2", new Result.Ok("d2")).stored("placed", Outcome.OK).after(1);
    reply.answered("delete m1", new Result.Ok("m1")).stored("placed", Outcome.OK).after(1);

    reply.stored("placing", Outcome.OK).answered("send file b", new Result.Ok("d3"));
    reply.stored("placed", Outcome.OK);
    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m0", "d3", "");
  }

  @Test
  void a_document_that_is_taken_over_is_edited() {
    TestReply reply = TestReply.adoptedWithMessages("m0", "d1").whereThereAreDocuments();
    reply.ends("b").after(TestReply.LIMITS.placeholderAfterMs());

    for (int i = 0; i < 2; i++) {
      reply.answered("edit m0 b", new Result.Ok("m0")).after(1);
      reply.answered("edit d1 file b", new Result.Ok("d1")).after(SETTLED);
    }

    assertThat(reply.isQuiet().done()).isTrue();
  }

  @Test
  void a_message_that_nobody_knows_is_not_asked_for() {
    TestReply reply = TestReply.inPlaceOf("m0", "?").ends("b").after(1);

    reply.stored("placed", Outcome.OK).after(1).answered("edit m0 b", new Result.Ok("m0"));

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m0", "");
  }

  @Test
  void an_answer_in_place_of_one_whose_message_nobody_knows_is_sent_anew() {
    TestReply reply = TestReply.inPlaceOf(ReplyParts.NOBODY_KNOWS).ends("Paris").after(1);
    reply.stored("placed", Outcome.OK).after(1).stored("placing", Outcome.OK);
    reply.answered("send Paris", new Result.Ok("m")).stored("placed", Outcome.OK);

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m");
  }

  // ---- previews

  private static final Result SEEN = new Result.Ok("");

  private static TestReply previewed(String text) {
    TestReply reply = TestReply.admitted().whereThereArePreviews().says(text);
    return reply
        .after(TestReply.LIMITS.placeholderAfterMs())
        .answered("preview " + reply.content().plain(), SEEN);
  }

  @Test
  void where_there_are_previews_an_answer_is_one_until_it_ends() {
    TestReply reply = previewed("").isQuiet();
    assertThat(reply.placing()).isZero();

    reply.says("Par").after(1).answered("preview Par", SEEN);
    reply.ends("Paris").after(1).stored("placing", Outcome.OK);
    reply.answered("send Paris", new Result.Ok("m")).stored("placed", Outcome.OK);

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m");
  }

  @Test
  void a_fast_answer_has_no_preview() {
    TestReply reply = TestReply.admitted().whereThereArePreviews().ends("Paris").after(1);

    reply.stored("placing", Outcome.OK).answered("send Paris", new Result.Ok("m"));

    assertThat(reply.done()).isTrue();
  }

  @Test
  void pages_that_are_full_are_messages_and_only_the_last_is_previewed() {
    TestReply reply = previewed("a".repeat(19)).says("a".repeat(25)).after(1);
    reply.stored("placing", Outcome.OK).answered("send " + "a".repeat(20), new Result.Ok("m0"));
    reply.stored("placed", Outcome.OK).after(1).answered("preview aaaaa", SEEN);

    reply.ends("a".repeat(26)).after(1).stored("placing", Outcome.OK);
    reply.answered("send aaaaaa", new Result.Ok("m1")).stored("placed", Outcome.OK);

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.messageIds()).containsExactly("m0", "m1");
  }

  @Test
  void a_preview_that_does_not_change_is_shown_again_before_it_vanishes() {
    TestReply reply = previewed("Par").after(TestReply.PREVIEW_MS - 1).isQuiet();

    reply.after(1).answered("preview Par", SEEN);
    reply.after(TestReply.PREVIEW_MS - 1).isQuiet();
    reply.after(1).answered("preview Par", SEEN).isQuiet();
  }

  @Test
  void a_platform_that_takes_no_previews_gets_messages_instead() {
    TestReply reply = TestReply.admitted().whereThereArePreviews().says("Par");
    reply.after(300).answered("preview Par", new Result.Gone());

    reply.after(1).stored("placing", Outcome.OK).answered("send Par", new Result.Ok("m"));
    reply.stored("placed", Outcome.OK).ends("Paris").after(1);
    reply.answered("edit m Paris", new Result.Ok("m"));

    assertThat(reply.isQuiet().done()).isTrue();
    assertThat(reply.visible()).isTrue();
  }

  @Test
  void a_preview_gives_way_to_a_message_where_there_are_none_any_more() {
    TestReply reply = previewed("Par").whereThereAreNoPreviews().says("Pari").after(1);

    reply.stored("placing", Outcome.OK).answered("send Pari", new Result.Ok("m"));
    assertThat(reply.messageIds()).containsExactly("m");
  }

  @Test
  void a_preview_that_must_wait_waits_and_one_of_unknown_outcome_is_shown_again() {
    TestReply reply = TestReply.admitted().whereThereArePreviews().says("Par");
    reply.after(300).answered("preview Par", new Result.Later(7_000)).after(6_999).isQuiet();

    reply.after(1).answered("preview Par", new Result.Unknown()).after(RETRY - 1).isQuiet();
    reply.after(1).answered("preview Par", SEEN).isQuiet();
    assertThat(reply.ambiguousSends()).isZero();
  }

  @Test
  void an_answer_in_place_of_another_is_edited_into_its_message_and_goes_on_as_a_preview() {
    TestReply reply = TestReply.inPlaceOf("m0").whereThereArePreviews().says("b").after(1);
    reply.answered("edit m0 b", new Result.Ok("m0")).isQuiet();

    reply.says("b".repeat(21)).after(1).answered("edit m0 " + "b".repeat(20), new Result.Ok("m0"));
    reply.after(1).answered("preview b", SEEN).isQuiet();
  }

  @Test
  void an_answer_that_begins_anew_and_is_shorter_needs_no_preview_any_more() {
    TestReply reply = TestReply.inPlaceOf("m0").whereThereArePreviews().says("b".repeat(21));
    reply.after(1).answered("edit m0 " + "b".repeat(20), new Result.Ok("m0"));
    reply.after(1).answered("preview b", SEEN);

    reply.says("c").after(1).answered("edit m0 c", new Result.Ok("m0"));

    reply.after(TestReply.PREVIEW_MS).isQuiet();
  }

  @Test
  void whoever_takes_a_previewed_reply_over_previews_it_too_and_sends_its_end_once() {
    TestReply reply = TestReply.adoptedWithMessages().whereThereArePreviews().says("Par");
    reply.after(TestReply.LIMITS.placeholderAfterMs()).answered("preview Par", SEEN);

    reply.ends("Paris").after(1).stored("placing", Outcome.OK);
    reply.answered("send Paris", new Result.Ok("m")).stored("placed", Outcome.OK);

    assertThat(reply.isQuiet().done()).isTrue();
  }

  @Test
  void an_answer_that_waits_for_an_earlier_one_leaves_it_the_place_of_the_preview() {
    TestReply reply = TestReply.admitted().whereThereArePreviews().isBehindAnother(true);
    reply.after(TestReply.PREVIEW_MS).isQuiet();

    reply.isBehindAnother(false).after(1).answered("preview …", SEEN).isQuiet();
  }
}
