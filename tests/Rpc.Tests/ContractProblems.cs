namespace Wharf.Rpc.Tests;

/// <summary>What a contract cannot say is an error of the compiler, at the place where it is said; beside each, the same contract as it can be said.</summary>
public sealed class ContractProblems
{
    // What the compiler's own generator would write.
    private const string Json = """
        using System.Text.Json;
        using System.Text.Json.Serialization;
        using System.Text.Json.Serialization.Metadata;
        public sealed record Order(string Item);
        [JsonSerializable(typeof(Order))]
        public sealed class OrderJson() : JsonSerializerContext(null)
        {
            public static OrderJson Default { get; } = new();
            protected override JsonSerializerOptions? GeneratedSerializerOptions => null;
            public override JsonTypeInfo? GetTypeInfo(Type type) => null;
        }
        """;

    public static TheoryData<string, string> Wrong => new()
    {
        { "WHARF001", """[Rpc("A")] public interface [|IA|] { Task GoAsync(); }""" },
        { "WHARF001", """[Rpc("A")] public partial interface [|IA|]<T> { Task GoAsync(); }""" },
        { "WHARF001", """public static partial class Outer { [Rpc("A")] public partial interface [|IA|] { Task GoAsync(); } }""" },
        { "WHARF002", """[Rpc("A")] public partial interface IA { string [|Name|] { get; } }""" },
        { "WHARF002", """[Rpc("A")] public partial interface IA { event Action [|Gone|]; }""" },
        { "WHARF002", """[Rpc("A")] public partial interface IA { Task [|GoAsync|]<T>(); }""" },
        { "WHARF002", """[Rpc("A")] public partial interface IA { Task [|GoAsync|](in int far); }""" },
        { "WHARF002", """public interface IBase { int [|Size|] { get; } } [Rpc("A")] public partial interface IA : IBase { Task GoAsync(); }""" },
        { "WHARF003", """[Rpc("A")] public partial interface IA { string [|Name|](); }""" },
        { "WHARF003", """[Rpc("A")] public partial interface IA { void [|Go|](); }""" },
        { "WHARF003", """[Rpc("A")] public partial interface IA { Task<int> GoAsync(); IEnumerable<int> [|Watch|](); }""" },
        { "WHARF004", Json + """[Rpc("A")] public partial interface IA { Task TakeAsync(Order [|order|]); }""" },
        { "WHARF004", Json + """[Rpc("A", JsonContext = typeof(OrderJson))] public partial interface IA { Task<Order[]> [|AllAsync|](); }""" },
        { "WHARF004", """[Rpc("A")] public partial interface IA { IAsyncEnumerable<Version> [|WatchAsync|](); }""" },
        { "WHARF005", """[Rpc("A")] public partial interface IA { Task GoAsync(); Task [|Go|](); }""" },
        { "WHARF005", """[Rpc("A")] public partial interface IA { Task GoAsync(int far); Task [|GoAsync|](string where); }""" },
        { "WHARF005", """[Rpc("A")] public partial interface IA { Task GoAsync(); [RpcName("go")] Task [|LeaveAsync|](); }""" },
        { "WHARF005", """[Rpc("A")] public partial interface IA { Task GoAsync(int howFar, int [|how_far|]); }""" },
        { "WHARF005", """[Rpc("A")] public partial interface IA { Task GoAsync(string [|method|]); }""" },
        { "WHARF006", """[Rpc("B")] public partial interface IB { Task GoAsync(); } [Rpc("A")] public partial interface IA { Task TakeAsync(IB [|other|]); }""" },
        { "WHARF006", """[Rpc("B")] public partial interface IB { Task GoAsync(); } [Rpc("A")] public partial interface IA { Task TakeAsync(IReadOnlyList<IB> [|others|]); }""" },
        { "WHARF007", """[Rpc("A")] public partial interface IA { Task TakeAsync(ITable[] [|tables|]); }""" },
        { "WHARF007", """[Rpc("A")] public partial interface IA { Task<Dictionary<string, ITable>> [|AllAsync|](); }""" },
        { "WHARF007", """[Rpc("A")] public partial interface IA { Task<(ITable, int)> [|OneAsync|](); }""" },
        { "WHARF007", """[Rpc("A")] public partial interface IA { IAsyncEnumerable<IReadOnlyList<IReadOnlyList<ITable>>> [|WatchAsync|](); }""" },
        { "WHARF007", """[Rpc("A")] public partial interface IA { Task TakeAsync(IObjectReference [|other|]); }""" },
        { "WHARF007", """[Rpc("B")] public partial interface IB { Task GoAsync(); } [Rpc("A")] public partial interface IA { Task<List<IB>> [|AllAsync|](); }""" },
    };

    public static TheoryData<string> Right => new()
    {
        """[Rpc("A")] public partial interface IA { Task GoAsync(); }""",
        """[Rpc("A")] internal partial interface IA { static string Name => "A"; public sealed record Nested(int X); Task GoAsync(); }""",
        """public interface IBase { Task<int> SizeAsync(); } [Rpc("A")] public partial interface IA : IBase, IAsyncDisposable { Task GoAsync(int far); }""",
        """[Rpc("A")] public partial interface IA { Task<string> NameAsync(); ValueTask Go(); ValueTask<int> CountAsync(); IAsyncEnumerable<int> Watch(CancellationToken cancellationToken = default); }""",
        Json + """[Rpc("A", JsonContext = typeof(OrderJson))] public partial interface IA { Task TakeAsync(Order order); IAsyncEnumerable<Order?> WatchAsync(); }""",
        """[Rpc("A")] public partial interface IA { Task GoAsync(int far); [RpcName("go_there")] Task GoAsync(string where); Task TurnAsync([RpcName("how")] string method); }""",
        """[Rpc("B")] public partial interface IB { Task GoAsync(); } [Rpc("A")] public partial interface IA { Task<IB> OpenAsync(); Task TakeAsync(IServerObject other, ITable? table = null); }""",
        """[Rpc("A")] public partial interface IA { Task<IReadOnlyList<ITable?>?> TakeAsync(IReadOnlyList<IServerObject> others, IReadOnlyList<ITable?>? tables = null); }""",
        """[Rpc("A")] public partial interface IA { ValueTask<IReadOnlyList<ITable>> AllAsync(); IAsyncEnumerable<IReadOnlyList<ITable>> WatchAsync(); }""",
        """[Rpc("B")] public partial interface IB { Task GoAsync(); } [Rpc("A")] public partial interface IA { Task<IReadOnlyList<IB>> AllAsync(); IAsyncEnumerable<IReadOnlyList<IB>> WatchAsync(); }""",
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_invalid_contract_is_reported_at_its_place(string id, string contract)
    {
        var compiled = Compiled.Of(contract);
        var problem = Assert.Single(compiled.Problems);
        Assert.Equal((id, Assert.Single(compiled.Marks)), (problem.Id, problem.Location.SourceSpan));
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void A_valid_contract_compiles(string contract)
    {
        var compiled = Compiled.Of(contract);
        Assert.Empty(compiled.Problems);
        Assert.Empty(compiled.Errors);
    }

    [Fact]
    public void A_diagnostic_names_the_correction()
    {
        var compiled = Compiled.Of(Json + """[Rpc("A")] public partial interface IA { Task TakeAsync(Order [|order|]); }""");
        Assert.Equal(
            "Tried.Order is not a plain type: name a JsonSerializerContext with [JsonSerializable(typeof(Tried.Order))] as the contract's JsonContext",
            Assert.Single(compiled.Problems).GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }
}
