using System.Globalization;
using ZmqLoop;

namespace Contexts;

internal static class Errors
{
    public static void Run()
    {
        using IOLoop loop = new();
        int open = 0;
        foreach (string question in (string[])["16", "sixteen", "25"])
        {
            open++;
            ExceptionStackContext errors = new(error =>
            {
                Answer("error, " + error.GetType().Name);
                return true; // consumed
            });
            errors.Run(() => loop.CallLater(0.02, () => Parse(question)));

            void Parse(string text)
            {
                double number = double.Parse(text, CultureInfo.InvariantCulture); // throws in a timer
                loop.AddCallback(() => Answer($"{Math.Sqrt(number)}"));
            }

            void Answer(string answer)
            {
                Console.WriteLine($"{question}: {answer}");
                if (--open == 0) loop.Stop();
            }
        }

        loop.Start();
    }
}
