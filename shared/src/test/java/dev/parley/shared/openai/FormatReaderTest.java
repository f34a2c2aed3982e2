package dev.parley.shared.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ResponseFormat;
import dev.parley.shared.wire.Sampling;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatReaderTest {
  private final ChatRequestParser parser = new ChatRequestParser(RequestLimits.DEFAULTS);

  private Parsed<ChatRequest> parse(String more) {
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
    return parser.parse(body.getBytes(StandardCharsets.UTF_8), Sampling.greedy(10));
  }

  private ResponseFormat format(String more) {
    return switch (parse(more)) {
      case Parsed.Valid<ChatRequest> valid -> valid.value().sampling().format();
      case Parsed.Invalid<ChatRequest> invalid ->
          throw new AssertionError(invalid.error().message());
    };
  }

  @Test
  void each_form_is_read() {
    assertThat(format("")).isEqualTo(ResponseFormat.TEXT);
    assertThat(format(",\"response_format\":null,\"grammar\":\"\"")).isEqualTo(ResponseFormat.TEXT);
    assertThat(format(",\"response_format\":{\"type\":\"text\"}")).isEqualTo(ResponseFormat.TEXT);
    assertThat(format(",\"response_format\":{\"type\":\"json_object\"}"))
        .isEqualTo(ResponseFormat.JSON_OBJECT);
    assertThat(
            format(
                ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\","
                    + "\"strict\":true,\"schema\":{\"type\": \"object\"}}}"))
        .isEqualTo(ResponseFormat.jsonSchema("{\"type\":\"object\"}"));
    String grammar = ",\"grammar\":\"root ::= [a-z]\"";
    assertThat(format(grammar)).isEqualTo(ResponseFormat.grammar("root ::= [a-z]"));
    assertThat(format(grammar + ",\"response_format\":{\"type\":\"text\"}"))
        .isEqualTo(ResponseFormat.grammar("root ::= [a-z]"));
  }

  @Test
  void the_order_of_properties_stays() {
    String schema = "{\"properties\":{\"z\":{},\"a\":{}}}";
    assertThat(
            format(
                ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\","
                    + "\"schema\":"
                    + schema
                    + "}}"))
        .isEqualTo(ResponseFormat.jsonSchema(schema));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = ";;",
      quoteCharacter = '`',
      value = {
        "'response_format':1 ;; response_format ;; an object",
        "'response_format':{} ;; response_format.type ;; missing",
        "'response_format':{'type':'xml'} ;; response_format.type ;; json_schema",
        "'response_format':{'type':'json_schema'} ;; response_format.json_schema ;; missing",
        "'response_format':{'type':'json_schema','json_schema':{'name':'a b','schema':{}}} ;;"
            + " response_format.json_schema.name ;; 1 to 64",
        "'response_format':{'type':'json_schema','json_schema':{'name':'n'}} ;;"
            + " response_format.json_schema.schema ;; missing",
        "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{'minimum':1}}}"
            + " ;; response_format.json_schema.schema ;; minimum",
        "'response_format':{'type':'json_schema','json_schema':{'name':'n','strict':1,'schema':{}}}"
            + " ;; response_format.json_schema.strict ;; true or false",
        "'grammar':1 ;; grammar ;; a string",
        "'grammar':'root ::= (' ;; grammar ;; line 1, column 11",
        "'grammar':'root ::= [a]','response_format':{'type':'json_object'} ;; grammar ;; cannot be"
            + " together",
      })
  void a_wrong_one_is_one_error_that_names_its_field(String field, String param, String says) {
    switch (parse("," + field.replace('\'', '"'))) {
      case Parsed.Valid<ChatRequest> valid -> throw new AssertionError(field + " was accepted");
      case Parsed.Invalid<ChatRequest> invalid -> {
        assertThat(invalid.error().status()).isEqualTo(400);
        assertThat(invalid.error().param()).contains(param);
        assertThat(invalid.error().message()).contains(says);
      }
    }
  }

  @Test
  void its_size_is_bounded() {
    String longer = "root ::= \\\"" + "a".repeat(ResponseFormat.MAX_BYTES) + "\\\"";
    switch (parse(",\"grammar\":\"" + longer + "\"")) {
      case Parsed.Valid<ChatRequest> valid -> throw new AssertionError("it was accepted");
      case Parsed.Invalid<ChatRequest> invalid ->
          assertThat(invalid.error().message()).contains("32768 bytes");
    }
  }
}
