using System.Collections;
using System.Reflection;

namespace Wharf.Plugins.Tests.Invocation;

/// <summary>Exceptions whose members throw or return null.</summary>
internal static class HostileExceptions
{
    /// <summary>Creates one exception of each kind, by its name in test output.</summary>
    public static IReadOnlyDictionary<string, Func<Exception>> All { get; } = new Dictionary<string, Func<Exception>>
    {
        ["message null"] = static () => new Hostile { MessageOf = static () => null! },
        ["message throws"] = static () => new Hostile { MessageOf = static () => throw new InvalidOperationException() },
        ["message throws itself"] = static () => new SelfThrowing(),
        ["message empty"] = static () => new Hostile { MessageOf = static () => " " },
        ["stack trace null"] = static () => new Hostile { StackTraceOf = static () => null },
        ["stack trace throws"] = static () => new Hostile { StackTraceOf = static () => throw new InvalidOperationException() },
        ["text null"] = static () => new Hostile { TextOf = static () => null! },
        ["text throws"] = static () => new Hostile { TextOf = static () => throw new InvalidOperationException() },
        ["data null"] = static () => new Hostile { DataOf = static () => null! },
        ["data throws"] = static () => new Hostile { DataOf = static () => throw new InvalidOperationException() },
        ["source throws"] = static () => new Hostile { SourceOf = static () => throw new InvalidOperationException() },
        ["everything throws"] = static () => Hostile.Everything(),
        ["inside another"] = static () => new InvalidOperationException("outside", Hostile.Everything()),
        ["inside a wait"] = static () => new AggregateException(Hostile.Everything()),
        ["two inside a wait"] = static () => new AggregateException(Hostile.Everything(), new InvalidOperationException("second")),
        ["inside reflection"] = static () => new TargetInvocationException(Hostile.Everything()),
        ["inside a static constructor"] = static () => new TypeInitializationException("Some.Type", Hostile.Everything()),
        ["deliberate, message null"] = static () => new HostilePluginException(static () => null!),
        ["deliberate, message throws"] = static () => new HostilePluginException(static () => throw new InvalidOperationException()),
        ["deliberate, no status"] = static () => new PluginException((PluginStatus)0, "no failure at all"),
        ["deliberate, unknown status"] = static () => new PluginException((PluginStatus)99, "unknown"),
        ["enormous"] = static () => new InvalidOperationException(new string('x', 5_000_000)),
        ["enormous, deliberate"] = static () => new PluginException(PluginStatus.NotFound, new string('漢', 2_000_000)),
        ["half a surrogate pair"] = static () => new InvalidOperationException("a\uD800b"),
        ["half a surrogate pair, deliberate"] = static () => new PluginException("\uDC00"),
        ["a long chain"] = static () => Nested(500, static inner => new InvalidOperationException("outside", inner)),
        ["a long chain of wrappers"] = static () => Nested(500, static inner => new TargetInvocationException(inner)),
        ["a wide tree"] = static () => new AggregateException(Enumerable.Range(0, 10_000).Select(static n => new InvalidOperationException($"number {n}"))),
        ["a tree with shared parts"] = static () => Nested(14, static inner => new AggregateException(inner, inner)),
        ["a tree with shared parts, unreadable"] = static () => Nested(14, static inner => new AggregateException(inner, inner), Hostile.Everything()),
        ["several of nothing"] = static () => new AggregateException(),
        ["control characters"] = static () => new InvalidOperationException("a\0b\r\nc\u001b[0m"),
    };

    /// <summary>The names, as the data of a theory.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Puts an exception into another one, so many times.</summary>
    public static Exception Nested(int depth, Func<Exception, Exception> outer, Exception? innermost = null) =>
        Enumerable.Range(0, depth).Aggregate(innermost ?? new InvalidOperationException("the innermost"), (inner, _) => outer(inner));

    internal sealed class Hostile : Exception
    {
        public Func<string> MessageOf { get; init; } = static () => "a message";

        public Func<string?> StackTraceOf { get; init; } = static () => "   at Somewhere";

        public Func<string> TextOf { get; init; } = static () => "the text";

        public Func<IDictionary> DataOf { get; init; } = static () => new Hashtable();

        public Func<string?> SourceOf { get; init; } = static () => "";

        public override string Message => MessageOf();

        public override string? StackTrace => StackTraceOf();

        public override IDictionary Data => DataOf();

        public override string? Source
        {
            get => SourceOf();
            set => SourceOf();
        }

        public static Hostile Everything() => new()
        {
            MessageOf = static () => throw new InvalidOperationException(),
            StackTraceOf = static () => throw new InvalidOperationException(),
            TextOf = static () => throw new InvalidOperationException(),
            DataOf = static () => throw new InvalidOperationException(),
            SourceOf = static () => throw new InvalidOperationException(),
        };

        public override string ToString() => TextOf();
    }

    private sealed class SelfThrowing : Exception
    {
        public override string Message => throw this;

        public override string ToString() => throw this;
    }

    private sealed class HostilePluginException(Func<string> message) : PluginException(PluginStatus.NotFound, "unused")
    {
        public override string Message => message();
    }
}
