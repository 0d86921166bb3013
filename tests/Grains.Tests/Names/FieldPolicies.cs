using Microsoft.Extensions.Logging;
using Wharf.Grains.Fields;
using Wharf.Grains.Management;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Tests.Names;

/// <summary>The decision about a change of a name, by its owner and by the principal that changes it.</summary>
public sealed class FieldPolicies
{
    private static readonly Dictionary<string, string?> NoArguments = [];
    private static readonly ObjectReference Object = new("object-1", ObjectKind.PluginObject, "Echo", 1);
    private static readonly FieldDescription Variable = FieldNames.ToVariable("scope/x", Object);
    private static readonly FieldClaim Ann = Claim("Basic", "ann");
    private static readonly FieldClaim Bob = Claim("Basic", "bob");
    private readonly FieldCounts _counts = new();
    private readonly SessionOptions _limits = new() { MaxVariables = 2, MaxVariablesPerUser = 3, MaxCreatedObjectsPerUser = 1 };
    private readonly Lines _audit = new();

    private FieldPolicy Policy => new(_counts, _limits, _audit);

    public static TheoryData<string?, string, bool> Cases => new()
    {
        // owner of the variable, principal, allowed
        { "Basic:ann", "ann", true },
        { "Basic:ann", "bob", false },
        { "Basic:ann", "listed bob", true },
        { "Basic:ann", "program", true },
        { "plugin:Echo", "ann", false },
        { "plugin:Echo", "listed bob", true },
        { "program", "ann", false },
        { "program", "program", true },
        { "configuration", "ann", false },
        { "configuration", "listed bob", false },
        { "configuration", "program", false },
        { null, "ann", true },
        { "Basic:ann", "earlier version", false },
        { null, "earlier version", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_variable_is_set_and_removed_by_its_owner_and_by_those_who_may(string? owner, string principal, bool isAllowed)
    {
        var before = new StoredField("scope/x", Variable with { Owner = owner }, null);
        var claim = principal switch
        {
            "ann" => Ann,
            "bob" => Bob,
            "listed bob" => Bob with { MayReplaceOthers = true },
            "program" => FieldOwners.OfProgram,
            _ => FieldClaim.Unknown,
        };

        var set = Record.Exception(() => Policy.Put(Variable, before, claim));
        var remove = Record.Exception(() => Policy.Remove("scope/x", before, claim));

        Assert.Equal((isAllowed, isAllowed), (set is null, remove is null));
        if (isAllowed)
            return;
        Assert.All([set, remove], static refused => Assert.Equal(FaultCode.PermissionDenied, Assert.IsType<FaultException>(refused).Fault.Code));
        Assert.Contains("set the variable 'x', which belongs to ", set!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Basic", set.Message, StringComparison.Ordinal);
        Assert.Equal(2, _audit.Texts.Count);
        Assert.Contains($"{claim.Owner ?? "an unknown caller"} in session ", _audit.Texts[0], StringComparison.Ordinal);
        Assert.EndsWith($"may not set scope/x, which belongs to {owner}", _audit.Texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_keeps_its_owner_and_goes_to_who_replaces_it()
    {
        var first = Policy.Put(Variable, null, Ann);
        Assert.Equal(("Basic:ann", "session-ann"), (first.Field!.Owner, first.Field.SessionId));

        var again = Policy.Put(Variable, first, Ann with { SessionId = "session-2" });
        Assert.Equal(("Basic:ann", "session-ann"), (again.Field!.Owner, again.Field.SessionId));

        Assert.Equal("Basic:bob", Policy.Put(Variable, first, Bob with { MayReplaceOthers = true }).Field!.Owner);
    }

    [Fact]
    public void An_object_that_was_created_is_not_created_again_under_a_variable_that_replaces_it()
    {
        var created = new StoredField("scope/x", Variable with { Owner = Ann.Owner }, new FieldConfiguration("scope/x", "", "", "Echo", NoArguments) { Owner = Ann.Owner });

        Assert.Null(Policy.Put(Variable, created, Ann).Configuration);
        Assert.Throws<FaultException>(() => Policy.Put(Variable, created, Bob));
    }

    [Fact]
    public void A_configuration_that_an_earlier_version_stored_is_changed_by_listed_principals_only()
    {
        var stored = new StoredField("scope/x", Variable, new FieldConfiguration("scope/x", "", "", "Echo", NoArguments));

        Assert.Throws<FaultException>(() => Policy.Remove("scope/x", stored, Ann));
        Assert.Null(Policy.Remove("scope/x", stored, Ann with { MayReplaceOthers = true }));
    }

    [Fact]
    public void Variables_are_counted_by_session_and_by_principal_and_not_those_of_the_program()
    {
        for (var n = 0; n < 2; n++)
            Set($"a{n}", Ann);
        Assert.Contains("MaxVariables)", Assert.Throws<FaultException>(() => Set("b", Ann)).Message, StringComparison.Ordinal);
        Set("b", Ann with { SessionId = "session-2" });
        Assert.Contains("MaxVariablesPerUser)", Assert.Throws<FaultException>(() => Set("c", Ann with { SessionId = "session-2" })).Message, StringComparison.Ordinal);
        for (var n = 0; n < 5; n++)
            Set($"program{n}", FieldOwners.OfProgram);

        _counts.Move(new StoredField("scope/a0", Variable with { Owner = Ann.Owner, SessionId = Ann.SessionId }, null), null);
        Set("c", Ann);
    }

    [Fact]
    public void Objects_that_are_being_created_are_counted()
    {
        var creation = Policy.DemandCreate(Ann);
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => Policy.DemandCreate(Ann)).Fault.Code);
        Assert.NotNull(Policy.DemandCreate(Bob));

        creation!.Dispose();
        Assert.NotNull(Policy.DemandCreate(Ann));
    }

    [Theory]
    [InlineData("ann", true)]
    [InlineData("Basic:ann", true)]
    [InlineData("*", true)]
    [InlineData("bob", false)]
    [InlineData(null, false)]
    public void Only_listed_logins_may_replace_names_of_others(string? manager, bool may)
    {
        var options = new ManagementOptions();
        if (manager is not null)
            options.Managers.Add(manager);

        Assert.Equal(may, FieldOwners.ClaimOf(new CallerIdentity("ann", "session-ann", "Basic"), options).MayReplaceOthers);
    }

    [Fact]
    public void Anonymous_sessions_are_principals_of_their_own()
    {
        CallerIdentity one = new("anonymous", "session-1", "Anonymous"), other = one with { SessionId = "session-2" };
        Assert.NotEqual(FieldOwners.Of(one), FieldOwners.Of(other));

        CallerIdentity ann = new("ann", "session-1", "Basic"), annAgain = ann with { SessionId = "session-2" };
        Assert.Equal(FieldOwners.Of(ann), FieldOwners.Of(annAgain));
    }

    private static FieldClaim Claim(string scheme, string identity) => new($"{scheme}:{identity}", $"session-{identity}", MayReplaceOthers: false);

    private void Set(string name, FieldClaim claim) => _counts.Move(null, Policy.Put(FieldNames.ToVariable($"scope/{name}", Object), null, claim));

    private sealed class Lines : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
