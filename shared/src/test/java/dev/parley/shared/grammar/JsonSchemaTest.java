package dev.parley.shared.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.testing.RandomSchemas;
import dev.parley.shared.testing.SchemaValidator;
import dev.parley.shared.wire.ResponseFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static GrammarState start(String schema) {
    return GrammarState.start(Grammar.parse(JsonSchema.toGbnf(schema)));
  }

  private static boolean allows(String schema, String json) {
    return start(schema).next(json.getBytes(StandardCharsets.UTF_8)).complete();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = ";;",
      quoteCharacter = '`',
      value = {
        "{'type':'boolean'} ;; true ;; 1",
        "{'type':'null'} ;; null ;; nul",
        "{'type':'integer'} ;; -120 ;; 012",
        "{'type':'integer'} ;; 123456789012345 ;; 1234567890123456",
        "{'type':'integer'} ;; 0 ;; 1.0",
        "{'type':'number'} ;; -1.5e+10 ;; 1.",
        "{'type':'number'} ;; 0.1 ;; 1e100",
        "{'type':'string'} ;; 'é☃😀' ;; 'a",
        "{'type':'string'} ;; '\\n\\u00e9\\\\' ;; '\\x'",
        "{'type':'string'} ;; '\\ud7ff' ;; '\\ud800'",
        "{'type':'string','minLength':2} ;; '☃☃' ;; '☃'",
        "{'type':'string','maxLength':2} ;; '😀😀' ;; 'abc'",
        "{'type':'string','minLength':1,'maxLength':1} ;; '\\u0041' ;; ''",
        "{'maxLength':2} ;; '' ;; 1",
        "{'type':['string','null']} ;; null ;; true",
        "{'enum':['a\\'b',1,null]} ;; 'a\\'b' ;; 2",
        "{'type':'string','enum':['a',1]} ;; 'a' ;; 1",
        "{'const':{'a':[1,2.50]}} ;; {'a':[1,2.5]} ;; {}",
        "{'anyOf':[{'type':'integer'},{'type':'boolean'}]} ;; true ;; null",
        "{'type':'array','items':{'type':'integer'}} ;; [1,2, 3] ;; [1,]",
        "{'type':'array','items':{'type':'integer'}} ;; [] ;; [1,  2]",
        "{'type':'array','items':{'type':'integer'},'minItems':2,'maxItems':3} ;; [1,2] ;;"
            + " [1,2,3,4]",
        "{'type':'array','items':{'type':'integer'},'minItems':2} ;; [1,2,3,4] ;; [1]",
        "{'type':'array','maxItems':0} ;; [] ;; [1]",
        "{'type':'array','items':false} ;; [] ;; [1]",
        "{'type':'array'} ;; ['a',{'b':[null]}] ;; [a]",
        "{'prefixItems':[{'type':'integer'},{'type':'null'}]} ;; [1,null] ;; [1,null,2]",
        "{'prefixItems':[{'type':'integer'}],'items':{'type':'null'},'minItems':2} ;; [1,null,null]"
            + " ;; [1]",
        "{'prefixItems':[{'type':'integer'},{'type':'null'}],'maxItems':1} ;; [1] ;; [1,null]",
        "{'type':'object'} ;; {'a': {'b':[1]}} ;; {'a' :1}",
        "{'type':'object','additionalProperties':true} ;; {'a':1} ;; []",
        "{'type':'object','additionalProperties':false} ;; {} ;; {'a':1}",
        "{'type':'object','additionalProperties':{'type':'integer'}} ;; {'x':1,'y':2} ;;"
            + " {'x':null}",
        "{'properties':{}} ;; {} ;; {'a':1}",
        "true ;; [1] ;; x",
        "{'title':'t','description':'d','default':1,'examples':[],'$comment':'c','type':'null'} ;;"
            + " null ;; 1",
        "{'format':'date'} ;; '2024-02-29' ;; '2023-02-29'",
        "{'format':'date'} ;; '1999-12-31' ;; '1999-11-31'",
        "{'format':'time'} ;; '23:59:59.5Z' ;; '24:00:00Z'",
        "{'format':'date-time'} ;; '2024-01-02T03:04:05+01:00' ;; '2024-01-02 03:04:05Z'",
        "{'format':'uuid'} ;; '01234567-89ab-cdef-0123-456789abcdef' ;; '0123'",
        "{'$ref':'#/$defs/a~1b','$defs':{'a/b':{'type':'null'}}} ;; null ;; 1",
      })
  void each_keyword_means_what_it_should(String schema, String good, String bad) {
    String quoted = quoted(schema);
    assertThat(allows(quoted, quoted(good))).as(good).isTrue();
    assertThat(allows(quoted, quoted(bad))).as(bad).isFalse();
    JsonNode read = read(quoted);
    assertThat(new SchemaValidator(read).fits(read(quoted(good)))).isTrue();
  }

  private static String quoted(String text) {
    return text.replace("\\'", "\\\"").replace('\'', '"');
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  @Test
  void properties_come_in_order_with_commas_in_the_right_places() {
    String schema =
        """
        {"type":"object","required":["b"],
         "properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3},"d":{"const":4}}}\
        """;
    assertThat(allows(schema, "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}")).isTrue();
    assertThat(allows(schema, "{\"a\": 1, \"b\": 2, \"d\": 4}")).isTrue();
    assertThat(allows(schema, "{\"b\":2}")).isTrue();
    assertThat(allows(schema, "{\"b\":2,\"c\":3}")).isTrue();
    assertThat(allows(schema, "{\"a\":1}")).isFalse();
    assertThat(allows(schema, "{}")).isFalse();
    assertThat(allows(schema, "{,\"b\":2}")).isFalse();
    assertThat(allows(schema, "{\"b\":2,\"a\":1}")).isFalse();
    assertThat(allows(schema, "{\"b\":2,}")).isFalse();
  }

  @Test
  void no_property_need_come_when_none_is_required() {
    String schema = "{\"properties\":{\"a\":{\"const\":1},\"b\":{\"const\":2}}}";
    for (String json : List.of("{}", "{\"a\":1}", "{\"b\":2}", "{\"a\":1,\"b\":2}")) {
      assertThat(allows(schema, json)).as(json).isTrue();
    }
    assertThat(allows(schema, "{\"b\":2,\"a\":1}")).isFalse();
  }

  @Test
  void a_schema_may_refer_to_itself() {
    String schema = "{\"properties\":{\"child\":{\"$ref\":\"#\"}}}";
    assertThat(allows(schema, "{\"child\":{\"child\":{}}}")).isTrue();
    assertThat(allows(schema, "{\"child\":{\"child\":1}}")).isFalse();
  }

  @Test
  void white_space_cannot_go_on() {
    GrammarState state =
        start("{\"type\":\"object\"}").next("{\"a\": ".getBytes(StandardCharsets.UTF_8));
    for (char c : " \n\t\r".toCharArray()) {
      assertThat(state.next((byte) c).dead()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = ";;",
      quoteCharacter = '`',
      value = {
        "[ ;; not valid JSON",
        "{'a':1,'a':2} ;; not valid JSON",
        "[] ;; at $ should be a schema",
        "{'properties':{'x':false}} ;; at $.properties.x should be a schema",
        "{'type':'text'} ;; 'type' at $ must be one or several of",
        "{'type':[]} ;; 'type' at $ is empty",
        "{'type':'string','pattern':'a'} ;; 'pattern' at $ is not supported",
        "{'properties':{'x':{'type':'integer','minimum':1}}} ;; 'minimum' at $.properties.x is not"
            + " supported",
        "{'oneOf':[{'type':'null'}]} ;; 'oneOf' at $ is not supported",
        "{'type':'integer','minLength':1} ;; 'minLength' at $ is not supported",
        "{'anyOf':[{'type':'null'},{'not':{}}]} ;; 'not' at $.anyOf[1] is not supported",
        "{'anyOf':[]} ;; 'anyOf' at $ must be an array that is not empty",
        "{'enum':[]} ;; 'enum' at $ must be an array that is not empty",
        "{'type':'null','enum':[1]} ;; 'enum' at $ has no value that 'type' allows",
        "{'type':'null','const':1} ;; no value that 'type' allows",
        "{'enum':[1],'minLength':1} ;; 'minLength' at $ is not supported",
        "{'$ref':'#/$defs/no'} ;; '$ref' at $ points to nothing",
        "{'$ref':'other.json'} ;; '$ref' at $ must point into this schema",
        "{'$ref':'#','type':'null'} ;; 'type' at $ is not supported",
        "{'$ref':1} ;; '$ref' at $ must be a string",
        "{'$ref':'#'} ;; left recursion",
        "{'type':'string','format':'email'} ;; 'format' at $ must be one of date, date-time, time,"
            + " uuid",
        "{'type':'string','format':'date','maxLength':3} ;; 'format' at $ cannot be together with a"
            + " length",
        "{'type':'string','maxLength':2001} ;; 'maxLength' at $ must be a whole number from 0 to"
            + " 2000",
        "{'type':'string','minLength':-1} ;; 'minLength' at $",
        "{'type':'string','minLength':1.5} ;; 'minLength' at $",
        "{'type':'string','minLength':3,'maxLength':2} ;; 'maxLength' at $ is less than"
            + " 'minLength'",
        "{'type':'array','minItems':1,'items':false} ;; 'minItems' at $ needs more items",
        "{'prefixItems':[{'type':'null'}],'minItems':2} ;; 'minItems' at $ needs more items",
        "{'properties':[]} ;; 'properties' at $ must be an object",
        "{'properties':{'a':{}},'required':['b']} ;; 'required' at $ names something",
        "{'type':'object','required':['b']} ;; 'required' at $ needs 'properties'",
        "{'properties':{'a':{}},'additionalProperties':true} ;; 'additionalProperties' at $",
        "{'$defs':{'a':{'uniqueItems':true}},'items':{'$ref':'#/$defs/a'}} ;; 'uniqueItems' at"
            + " $.$defs.a",
        "{'const':'\\ud800'} ;; half a character",
      })
  void anything_else_is_one_error_that_names_keyword_and_place(String schema, String says) {
    assertThatThrownBy(() -> Grammar.of(ResponseFormat.jsonSchema(schema.replace('\'', '"'))))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining(says);
  }

  @Test
  void sizes_are_bounded() {
    String deep = "{\"items\":".repeat(40) + "{}" + "}".repeat(40);
    assertThatThrownBy(() -> JsonSchema.toGbnf(deep)).hasMessageContaining("more than 32 schemas");
    assertThatThrownBy(() -> JsonSchema.toGbnf("[".repeat(100)))
        .hasMessageContaining("nested deeper than 64");
    String many = "{\"enum\":[" + "1,".repeat(JsonSchema.MAX_ENUM) + "2]}";
    assertThatThrownBy(() -> JsonSchema.toGbnf(many)).hasMessageContaining("more than 500 entries");
  }

  @Test
  void whatever_a_schemas_grammar_allows_fits_the_schema() {
    RandomSchemas schemas = new RandomSchemas(20261128);
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      JsonNode schema = i % 4 == 0 ? schemas.nextRecursive() : schemas.next();
      String text = drawn(start(schema.toString()), random);
      assertThat(new SchemaValidator(schema).fits(read(text))).as("%s: %s", schema, text).isTrue();
    }
  }

  /// A text of the grammar, byte by byte, that ends where it may.
  private static String drawn(GrammarState start, Random random) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    GrammarState state = start;
    while (!state.complete()) {
      state.refresh();
      List<Byte> allowed = new ArrayList<>();
      for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
        if (!state.next((byte) b).dead()) {
          allowed.add((byte) b);
        }
      }
      assertThat(allowed).as(text.toString(StandardCharsets.UTF_8)).isNotEmpty();
      byte next = allowed.get(random.nextInt(allowed.size()));
      text.write(next);
      state = state.next(next);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
