namespace Wharf.Protocol;

/// <summary>Names with a fixed meaning in the protocol.</summary>
public static class WireNames
{
    /// <summary>The type name of every table, reserved for the server.</summary>
    public const string TableType = "Table";

    /// <summary>The application id under which variables of the scope are listed, reserved for the server.</summary>
    public const string ScopeApplicationId = "scope";

    /// <summary>The description with which variables of the scope are listed.</summary>
    public const string ScopeFieldDescription = "query scope variable";

    /// <summary>The setting that announces the lifetime of a token, in milliseconds.</summary>
    public const string SessionDurationMilliseconds = "http.session.durationMs";

    /// <summary>The setting that announces the supported authentication schemes.</summary>
    public const string AuthHandlers = "AuthHandlers";
}
