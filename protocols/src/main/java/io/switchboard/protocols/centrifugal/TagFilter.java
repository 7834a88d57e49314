package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Publication;
import io.switchboard.message.Tags;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which publications a client wants, by their tags: leaves that compare one tag, joined by and, or, not. */
record TagFilter(Condition condition) implements Predicate<Publication> {
    static final int DEPTH_MAX = 16;
    static final int NODES_MAX = 128;

    /** A condition on tags. */
    interface Condition {
        boolean holds(Map<String, String> tags);
    }

    private interface Comparison {
        boolean holds(String tag);
    }

    /** @throws IllegalArgumentException if it is no filter */
    static TagFilter of(Ask.Filter filter) {
        if (count(filter) > NODES_MAX) {
            throw new IllegalArgumentException("a filter has more than " + NODES_MAX + " nodes");
        }
        return new TagFilter(condition(filter));
    }

    private static int count(Ask.Filter filter) {
        return 1 + filter.nodes().stream().mapToInt(TagFilter::count).sum();
    }

    @Override
    public boolean test(Publication publication) {
        return condition.holds(Tags.of(publication.fields()));
    }

    private static Condition condition(Ask.Filter filter) {
        List<Condition> nodes =
                filter.nodes().stream().map(TagFilter::condition).toList();
        return switch (filter.op()) {
            case "" -> {
                require(nodes.isEmpty(), "a comparison has nodes");
                yield comparison(filter);
            }
            case "and" -> {
                require(!nodes.isEmpty(), "and has no nodes");
                yield tags -> nodes.stream().allMatch(node -> node.holds(tags));
            }
            case "or" -> {
                require(!nodes.isEmpty(), "or has no nodes");
                yield tags -> nodes.stream().anyMatch(node -> node.holds(tags));
            }
            case "not" -> {
                require(nodes.size() == 1, "not has one node");
                yield tags -> !nodes.get(0).holds(tags);
            }
            default -> throw new IllegalArgumentException("a filter has an unknown operation");
        };
    }

    private static Condition comparison(Ask.Filter filter) {
        String key = filter.key();
        require(!key.isEmpty(), "a comparison has no key");
        return switch (filter.cmp()) {
            case "ex" -> tags -> tags.containsKey(key);
            case "nex" -> tags -> !tags.containsKey(key);
            // A tag that is not there differs from any value, and is in no set.
            case "neq" -> tags -> !filter.val().equals(tags.get(key));
            case "nin" -> {
                require(!filter.vals().isEmpty(), "nin has no values");
                Set<String> values = Set.copyOf(filter.vals());
                yield tags -> !tags.containsKey(key) || !values.contains(tags.get(key));
            }
            default -> {
                Comparison comparison = present(filter);
                yield tags -> {
                    String tag = tags.get(key);
                    return tag != null && comparison.holds(tag);
                };
            }
        };
    }

    /** Those that hold for no tag that is not there. */
    private static Comparison present(Ask.Filter filter) {
        String val = filter.val();
        return switch (filter.cmp()) {
            case "eq" -> val::equals;
            case "in" -> {
                require(!filter.vals().isEmpty(), "in has no values");
                yield Set.copyOf(filter.vals())::contains;
            }
            case "sw" -> tag -> tag.startsWith(val);
            case "ew" -> tag -> tag.endsWith(val);
            case "ct" -> tag -> tag.contains(val);
            case "lt" -> numbers(val, order -> order < 0);
            case "lte" -> numbers(val, order -> order <= 0);
            case "gt" -> numbers(val, order -> order > 0);
            case "gte" -> numbers(val, order -> order >= 0);
            default -> throw new IllegalArgumentException("a filter has an unknown comparison");
        };
    }

    private interface Order {
        boolean fits(int order);
    }

    private static Comparison numbers(String val, Order order) {
        BigDecimal limit = new BigDecimal(checked(val));
        return tag -> {
            try {
                return order.fits(new BigDecimal(checked(tag)).compareTo(limit));
            } catch (NumberFormatException e) {
                return false;
            }
        };
    }

    /** Numbers as people write them: an exponent could make comparing very dear. */
    private static String checked(String number) {
        boolean plain = number.length() <= 64 && number.chars().noneMatch(c -> c == 'e' || c == 'E');
        if (!plain) {
            throw new NumberFormatException("not a number to compare with");
        }
        return number;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
