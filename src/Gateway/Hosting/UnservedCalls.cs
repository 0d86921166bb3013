namespace Wharf.Gateway.Hosting;

/// <summary>The error texts of calls that are not served, which name an alternative.</summary>
internal static class UnservedCalls
{
    private const string TablesNow = "this server makes tables with EmptyTable, Update, UpdateView, LazyUpdate, View, Select, SelectDistinct, UnstructuredFilter, Filter and FetchTable, alone or in a Batch";
    private const string LogIn = "log in with the header authorization";
    private const string Upload = "upload with FlightService/DoPut, over HTTP/2";
    private const string Plugins = "use an object of a plugin (ObjectService)";

    private static readonly Dictionary<string, string> ByMethod = new(StringComparer.Ordinal)
    {
        ["ConsoleService/ExecuteCommand"] = "scripts are not served; " + Plugins,
        ["ConsoleService/CancelCommand"] = "scripts are not served, so there is none to cancel",
        ["ConsoleService/GetHeapInfo"] = "the server reports its memory in its metrics",
        ["ConsoleService/SubscribeToLogs"] = "the server does not send its log to clients; see its log output",
        ["FlightService/DoExchange"] = "tables do not tick yet; read them with DoGet",
        ["FlightService/PollFlightInfo"] = "no flight takes long to plan; use GetFlightInfo",
        ["FlightService/DoAction"] = "there are no actions (ListActions is empty), and no prepared statements; " + TablesNow,
        ["BrowserFlightService/OpenHandshake"] = LogIn,
        ["BrowserFlightService/NextHandshake"] = LogIn,
        ["BrowserFlightService/OpenDoPut"] = Upload,
        ["BrowserFlightService/NextDoPut"] = Upload,
    };

    private static readonly Dictionary<string, string> ByService = new(StringComparer.Ordinal)
    {
        ["TableService"] = TablesNow,
        ["HierarchicalTableService"] = "roll-ups and trees are not served; " + TablesNow,
        ["PartitionedTableService"] = "partitioned tables are not served; " + TablesNow,
        ["InputTableService"] = "input tables are not served; upload a table with Flight DoPut",
        ["StorageService"] = "files are not stored on the server; store them with the client",
        ["BrowserFlightService"] = "tables do not tick yet; read them with FlightService/DoGet",
        ["ConsoleService"] = "scripts and their completion are not served; " + Plugins,
    };

    /// <summary>Returns the text for a command of Flight SQL.</summary>
    /// <param name="command">The name of its message, such as <c>CommandStatementQuery</c>.</param>
    public static string ExplainSql(string command) => $"{command} of Flight SQL is not served: {TablesNow}";

    /// <summary>Returns the text for a method.</summary>
    /// <param name="fullName">The method as <c>/package.Service/Method</c>.</param>
    public static string Explain(string fullName)
    {
        var method = fullName[(fullName.LastIndexOf('.') + 1)..];
        var hint = ByMethod.GetValueOrDefault(method) ?? ByService.GetValueOrDefault(method[..method.IndexOf('/', StringComparison.Ordinal)])
            ?? "it is not part of this version";
        return $"{method} is not served: {hint}";
    }
}
