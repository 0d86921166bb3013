using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// Keeps what plugin code throws outside of every turn, from an <c>async void</c> method or a thread of its own, from ending the process. .NET has one such handler
/// for the whole process, so it is static; exceptions that no plugin had a hand in are left to end the process as ever.
/// </summary>
internal static partial class StrayExceptions
{
    private static readonly Lock Gate = new();
    private static bool s_installed;
    private static ILogger? s_logger;

    /// <summary>Installs the handler, once in the process; the latest server's logger gets what it catches.</summary>
    public static void Catch(ILogger logger)
    {
        lock (Gate)
        {
            s_logger = logger;
            if (s_installed)
                return;
            s_installed = true;
            try
            {
                ExceptionHandling.SetUnhandledExceptionHandler(IsFromPlugin);
            }
            catch (InvalidOperationException taken)
            {
                LogTaken(logger, taken);
            }
        }
    }

    private static bool IsFromPlugin(Exception exception)
    {
        foreach (StackFrame frame in new StackTrace(exception).GetFrames())
        {
            if (frame.GetMethod() is MethodBase method && AssemblyLoadContext.GetLoadContext(method.Module.Assembly) is PluginLoadContext plugin)
            {
                Log(exception, plugin.Name ?? "");
                return true;
            }
        }

        return false;
    }

    private static void Log(Exception exception, string plugin)
    {
        try
        {
            LogCaught(s_logger!, ExceptionText.ForLog(exception), plugin);
        }
        catch (Exception)
        {
            // An exception in this handler would end the process.
        }
    }

    [LoggerMessage(EventId = 3050, Level = LogLevel.Critical, Message = "Plugin {Plugin} let an exception escape outside of every call into it; its objects may be in disorder")]
    private static partial void LogCaught(ILogger logger, Exception exception, string plugin);

    [LoggerMessage(EventId = 3051, Level = LogLevel.Warning, Message = "Exceptions that plugins let escape will end the process: its handler for them is taken")]
    private static partial void LogTaken(ILogger logger, Exception exception);
}
