package io.switchboard.protocols.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    private static JsonReader reader(String json) {
        return JsonReader.of(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String compact(String json) throws MalformedException {
        JsonReader reader = reader(json);
        String text = StandardCharsets.UTF_8.decode(reader.compact()).toString();
        reader.end();
        return text;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ \"a\" : 1 , \"b\":[ 1, 2 ] } | {\"a\":1,\"b\":[1,2]}",
                "[ ] | []",
                "{ } | {}",
                "\" a b \" | \" a b \"",
                "-1.50e+3 | -1.50e+3",
                "[true , false,null] | [true,false,null]",
                "{\"张\":\"😀\"} | {\"张\":\"😀\"}",
                "[[[ ]]] | [[[]]]"
            })
    void compactDropsOnlyWhiteSpaceBetweenTokens(String json, String expected) throws Exception {
        assertEquals(expected, compact(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"plain\" | plain",
                "\"\\u4f60\\u597d\" | 你好",
                "\"\\ud83d\\ude00\" | 😀",
                "\"\\ud83dx\" | \uFFFDx",
                "\"\\ud83d\\u0041\" | \uFFFDA",
                "\"\\ude00\" | \uFFFD",
                "\"a\\\\b\\/c\\\"\" | a\\b/c\"",
                "\"x\\b\\f\\t.\" | x\b\f\t."
            })
    void stringsAreUnescaped(String json, String expected) throws Exception {
        assertEquals(expected, reader(json).string());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "[1,]",
                "[,1]",
                "[1",
                "\"",
                "\"\\",
                "\"\\u12\"",
                "tru",
                "nul",
                "-",
                "1.",
                "1e",
                "01",
                "x",
                "{a:1}",
                "'a'",
                "1 2",
                "{}x"
            })
    void whatIsNotJsonIsRefused(String text) {
        assertThrows(MalformedException.class, () -> compact(text));
    }

    @Test
    void nestingIsBounded() {
        assertThrows(MalformedException.class, () -> compact("[".repeat(50_000)));
        assertThrows(
                MalformedException.class, () -> reader("{\"a\":".repeat(50_000)).skip());
    }

    @Test
    void randomBytesAreMalformedOrReadAndNothingElse() {
        var random = new Random(3);
        String alphabet = "{}[]\",:\\u0123eE+-.tfnrueals \n\u0001张";
        for (int i = 0; i < 50_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                compact(text.toString());
            } catch (MalformedException expected) {
                // Anything else would be our bug.
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\"b\\c | \"a\\\"b\\\\c\"",
                "<b>&' / | \"<b>&' /\"",
                "\u2028\u2029\u0085. | \"\\u2028\\u2029\\u0085.\"",
                "你好😀 | \"你好😀\"",
                "x\u0001\b\f. | \"x\\u0001\\b\\f.\"",
                "\u00c2\u2027 | \"\u00c2\u2027\""
            })
    void stringsAreWrittenAsThePublishedNodesWriteThem(String text, String expected) {
        var sink = new ByteArraySink(16);
        JsonStrings.write(text.getBytes(StandardCharsets.UTF_8), sink);
        assertEquals(expected, new String(sink.toByteArray(), StandardCharsets.UTF_8));
    }
}
